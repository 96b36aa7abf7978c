import assert from "node:assert/strict";
import { test } from "node:test";
import { makePool } from "../../../../src/proxy/upstream/pool.ts";
import { type End, makePipe } from "../../../support/memory_sockets.ts";
import { settle } from "../../../support/proxy.ts";

function pool() {
  const servers: End[] = [];
  let now = 0;
  const timers: (() => void)[] = [];
  const host = { now: () => now, after: (_: number, run: () => void) => (timers.push(run), () => {}) };
  const own = makePool(host, () => {
    const [near, far] = makePipe();
    servers.push(far);
    return Promise.resolve(near);
  });
  return { ...own, servers, pass: (ms: number) => (now += ms), sweep: () => timers.splice(0).forEach((run) => run()) };
}

test("makePool() gives the connection again that was kept last", async () => {
  const own = pool();
  const [first, second] = [await own.connect(), await own.connect()];
  own.keep(first);
  own.keep(second);
  const again = own.waiting();
  assert.deepEqual([again?.channel === second.channel, again?.used, second.used, own.servers.length], [
    true,
    true,
    false,
    2,
  ]);
});

test("makePool() gives a new connection where a fresh one is wanted", async () => {
  const own = pool();
  own.keep(await own.connect());
  assert.deepEqual([(await own.connect()).used, own.servers.length], [false, 2]);
});

test("makePool() gives no connection that the server has closed, or on which it has said something", async () => {
  const own = pool();
  for (const act of [(end: End) => end.close(), (end: End) => void end.say("HTTP/1.1 408 Request Timeout\r\n\r\n")]) {
    own.keep(await own.connect());
    act(own.servers.at(-1)!);
    await settle();
    assert.equal(own.waiting(), undefined);
  }
});

test("makePool() keeps no connection that holds more than the answer", async () => {
  const own = pool();
  const connection = await own.connect();
  connection.source.unread(new Uint8Array(1));
  own.keep(connection);
  assert.equal(own.servers[0]?.closed(), true);
});

test("makePool() gives up what has been silent for 45 seconds, asked for or not", async () => {
  const own = pool();
  own.keep(await own.connect());
  own.pass(45_000);
  assert.equal(own.waiting(), undefined);
  own.keep(await own.connect());
  own.pass(45_000);
  own.sweep();
  assert.deepEqual(own.servers.map((end) => end.closed()), [true, true]);
});

test("makePool() keeps nothing once it is closed", async () => {
  const own = pool();
  const [first, second] = [await own.connect(), await own.connect()];
  own.keep(first);
  own.close();
  own.keep(second);
  assert.deepEqual(own.servers.map((end) => end.closed()), [true, true]);
});
