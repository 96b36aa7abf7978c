import assert from "node:assert/strict";
import { test } from "node:test";
import type { Native } from "../../../src/host/native/native.ts";
import { makeNoDelay } from "../../../src/host/no_delay.ts";

/** A descriptor of a fake kernel: what it is, and whether its small packets wait. */
interface Socket {
  is: "file" | "connecting" | "connected";
  waits: boolean;
}

function fakeKernel(open: Record<number, Socket>) {
  const set: number[] = [];
  const timers: (() => void)[] = [];
  const functions: Readonly<Record<string, (fd: number, ...rest: never[]) => number>> = {
    dup: () => {
      const free = [3, 4, 5, 6, 7].find((fd) => open[fd] === undefined) ?? -1;
      if (free >= 0) open[free] = { is: "file", waits: false };
      return free;
    },
    close: (fd) => Number(!delete open[fd]),
    getsockopt: (fd, _level: number, _name: number, value: Uint8Array) => {
      const socket = open[fd];
      if (socket === undefined || socket.is === "file") return -1;
      value.set([socket.waits ? 0 : 1, 0, 0, 0]);
      return 0;
    },
    getpeername: (fd) => open[fd]?.is === "connected" ? 0 : -1,
    setsockopt: (fd, ...rest: unknown[]) => {
      assert.deepEqual(rest, [6, 1, Uint8Array.of(1, 0, 0, 0), 4]);
      const socket = open[fd];
      if (socket !== undefined) socket.waits = false;
      return set.push(fd);
    },
  };
  const native: Native = {
    darwin: false,
    address: () => 0n,
    load: (signatures) => {
      const found = Object.keys(signatures).map((name) => [name, functions[name]]);
      return Object.fromEntries(found);
    },
  };
  const after = (_: number, run: () => void) => {
    timers.push(run);
    return () => void timers.splice(timers.indexOf(run), 1);
  };
  const tick = (): void => timers.shift()?.();
  return { ...makeNoDelay({ native, after }), set, tick, timers };
}

test("makeNoDelay() lets new connections send at once, and leaves alone what was there", () => {
  const open: Record<number, Socket> = {
    3: { is: "connected", waits: true },
    5: { is: "connected", waits: true },
    6: { is: "file", waits: true },
  };
  const { connecting, set, tick, timers } = fakeKernel(open);
  const end = connecting();
  tick();
  assert.deepEqual(set, []);
  open[4] = { is: "connecting", waits: true };
  tick();
  // The runtime sets its option once there is a connection.
  assert.deepEqual(set, []);
  open[4].is = "connected";
  tick();
  assert.deepEqual(set, [4]);
  // The runtime was later.
  open[4].waits = true;
  tick();
  assert.deepEqual(set, [4, 4]);
  assert.equal(timers.length, 1);
  end();
  assert.deepEqual(timers, []);
});

test("makeNoDelay() looks until each request's connection was seen twice to send at once", () => {
  const open: Record<number, Socket> = {};
  const { connecting, set, tick, timers } = fakeKernel(open);
  connecting();
  connecting();
  open[3] = { is: "connected", waits: true };
  for (let time = 0; time < 4; time++) tick();
  assert.deepEqual([set, timers.length], [[3], 1]);
  open[4] = { is: "connected", waits: true };
  tick();
  tick();
  assert.deepEqual([set, timers.length], [[3, 4], 0]);
  // The first connection is closed, and another one takes its place.
  delete open[3];
  connecting();
  open[3] = { is: "connected", waits: true };
  tick();
  tick();
  assert.deepEqual([set, timers.length], [[3, 4, 3], 0]);
});

test("makeNoDelay() gives up on what does not connect, and where no descriptor is free", () => {
  const { connecting, tick, timers } = fakeKernel({});
  connecting();
  for (let time = 0; time < 100; time++) tick();
  assert.deepEqual(timers, []);
  const full = fakeKernel(Object.fromEntries([3, 4, 5, 6, 7].map((fd) => [fd, { is: "file", waits: false }])));
  full.connecting()();
  assert.deepEqual(full.timers, []);
});

test("makeNoDelay() takes a connection that is kept for none that was announced since", () => {
  const open: Record<number, Socket> = { 3: { is: "connected", waits: true } };
  const { connecting, begun } = fakeKernel(open);
  const end = connecting();
  open[4] = { is: "connected", waits: true };
  // Answered before it was looked at twice, and kept.
  end();
  connecting();
  assert.equal(begun(), false);
  open[5] = { is: "connecting", waits: true };
  assert.equal(begun(), true);
});

test("makeNoDelay() knows when each connection that was announced has its socket", () => {
  const open: Record<number, Socket> = { 3: { is: "connected", waits: true } };
  const { connecting, begun } = fakeKernel(open);
  assert.equal(begun(), true);
  const end = connecting();
  connecting();
  assert.equal(begun(), false);
  // What looks a name up reads files.
  open[4] = { is: "file", waits: false };
  open[5] = { is: "connecting", waits: true };
  assert.equal(begun(), false);
  open[4] = { is: "connecting", waits: true };
  assert.equal(begun(), true);
  end();
});
