import assert from "node:assert/strict";
import { test } from "node:test";
import { type BunSocket, type Flow, HANDLERS, makeFlow } from "../../../../src/host/sockets/channel_bun.ts";

/** A socket that takes so many bytes of each write, and notes what is done to it. */
function fakeSocket(flow: Flow, room: number[] = []): { readonly socket: BunSocket; readonly done: string[] } {
  const done: string[] = [];
  const note = (what: string) => () => void done.push(what);
  const socket: BunSocket = {
    data: flow,
    write: (bytes) => {
      const taken = Math.min(room.shift() ?? bytes.length, bytes.length);
      done.push(`write ${bytes.length}: ${taken}`);
      return taken;
    },
    pause: note("pause"),
    resume: note("resume"),
    shutdown: note("shutdown"),
    close: note("close"),
    setNoDelay: (on) => void done.push(`no delay: ${on}`),
  };
  HANDLERS.open(socket);
  done.length = 0;
  return { socket, done };
}

test("makeFlow() gives bytes in order, whether somebody waits for them or not, then the end", async () => {
  const flow = makeFlow();
  const { socket } = fakeSocket(flow);
  const first = flow.channel.read();
  HANDLERS.data(socket, Uint8Array.of(1));
  HANDLERS.data(socket, Uint8Array.of(2));
  HANDLERS.end(socket);
  assert.deepEqual(
    [await first, await flow.channel.read(), await flow.channel.read()],
    [Uint8Array.of(1), Uint8Array.of(2), null],
  );
});

test("makeFlow() stops a socket while more than enough waits, and takes large bytes back at the next read alone", async () => {
  const flow = makeFlow();
  const { socket, done } = fakeSocket(flow);
  const large = new Uint8Array(64 * 1024);
  HANDLERS.data(socket, large);
  HANDLERS.data(socket, Uint8Array.of(3));
  assert.deepEqual(done, ["pause"]);
  assert.equal((await flow.channel.read())?.length, 64 * 1024);
  assert.deepEqual(done, ["pause", "resume"]);
  assert.equal(large.length, 64 * 1024);
  assert.deepEqual(await flow.channel.read(), Uint8Array.of(3));
  assert.equal(large.length, 0);
});

test("makeFlow() takes back no bytes that are part of others", async () => {
  const flow = makeFlow();
  const { socket } = fakeSocket(flow);
  const shared = new Uint8Array(128 * 1024);
  HANDLERS.data(socket, shared.subarray(0, 64 * 1024));
  await flow.channel.read();
  void flow.channel.read();
  assert.equal(shared.length, 128 * 1024);
});

test("makeFlow() settles a write once the socket has taken all of it", async () => {
  const flow = makeFlow();
  const { socket, done } = fakeSocket(flow, [2, 0, 1]);
  let settled = false;
  const writing = flow.channel.write(new Uint8Array(5)).then(() => void (settled = true));
  HANDLERS.drain(socket);
  HANDLERS.drain(socket);
  await Promise.resolve();
  assert.equal(settled, false);
  HANDLERS.drain(socket);
  await writing;
  assert.deepEqual(done, ["write 5: 2", "write 3: 0", "write 3: 1", "write 2: 2"]);
});

test("makeFlow() rejects who reads and who writes where the connection broke, after what had come", async () => {
  const flow = makeFlow();
  const { socket } = fakeSocket(flow, [0]);
  const writing = flow.channel.write(new Uint8Array(5));
  HANDLERS.data(socket, Uint8Array.of(1));
  HANDLERS.close(socket, new Error("reset"));
  await assert.rejects(writing, /reset/);
  assert.deepEqual(await flow.channel.read(), Uint8Array.of(1));
  await assert.rejects(flow.channel.read(), /reset/);
  await assert.rejects(flow.channel.write(new Uint8Array(1)), /reset/);
});

test("makeFlow() takes a socket that was closed without an error for one that has ended", async () => {
  const flow = makeFlow();
  const { socket } = fakeSocket(flow);
  HANDLERS.close(socket);
  assert.equal(await flow.channel.read(), null);
  await assert.rejects(flow.channel.write(new Uint8Array(1)), /closed/);
});

test("makeFlow() rejects who waits where it is closed from here", async () => {
  const flow = makeFlow();
  const { socket, done } = fakeSocket(flow);
  const reading = flow.channel.read();
  flow.channel.close();
  HANDLERS.close(socket);
  await assert.rejects(reading, /closed/);
  await assert.rejects(flow.channel.read(), /closed/);
  assert.deepEqual(done, ["close"]);
});
