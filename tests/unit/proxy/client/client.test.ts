import assert from "node:assert/strict";
import { test } from "node:test";
import { makeClient } from "../../../../src/proxy/client/client.ts";
import { makePipe } from "../../../support/memory_sockets.ts";
import { settle } from "../../../support/proxy.ts";

function client() {
  const [near, far] = makePipe();
  const timers: (() => void)[] = [];
  const host = { after: (_: number, run: () => void) => (timers.push(run), () => {}) };
  return { near, far, timers, ...makeClient(near, host) };
}

test("makeClient() tells once who is interested that the client has gone", async () => {
  const own = client();
  let calls = 0;
  own.onGone(() => void calls++);
  own.source.watch();
  own.far.close();
  await settle();
  own.close();
  assert.deepEqual([calls, own.gone()], [1, true]);
});

test("makeClient() says goodbye, takes what is still sent, and gives up after a while", async () => {
  const own = client();
  const done = own.linger();
  await own.far.say("more of a body");
  assert.equal(await own.far.hearAll(), "");
  assert.equal(own.near.closed(), false);
  own.timers[0]?.();
  await done;
  assert.equal(own.near.closed(), true);
});

test("makeClient() does not wait for who has gone", async () => {
  const own = client();
  own.far.close();
  await own.linger();
  assert.equal(own.near.closed(), true);
});
