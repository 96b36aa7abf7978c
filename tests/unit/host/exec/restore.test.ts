import assert from "node:assert/strict";
import { test } from "node:test";
import type { Native } from "../../../../src/host/native/native.ts";
import { prepareRestore } from "../../../../src/host/exec/restore.ts";
import type { Start } from "../../../../src/host/exec/start.ts";

const IGN = 1n;

/** A C library that keeps signals, flags and modes in memory, and notes what is changed. */
function fakeNative(state: { handlers: Record<number, bigint>; flags: Record<number, number>; modes: number }) {
  const changes: string[] = [];
  const functions: Readonly<Record<string, (...values: readonly (Uint8Array | bigint | number)[]) => bigint | number>> =
    {
      fcntl: (fd, command, value) => {
        const key = Number(fd) + (Number(command) <= 2 ? 1000 : 0);
        if (command === 1 || command === 3) return state.flags[key] ?? -1;
        changes.push(`fcntl ${fd} ${command} ${value}`);
        return 0;
      },
      sigaction: (signal, _action, old) => {
        if (old instanceof Uint8Array) {
          new DataView(old.buffer).setBigUint64(0, state.handlers[Number(signal)] ?? 0n, true);
        }
        return 0;
      },
      signal: (signal, handler) => {
        changes.push(`signal ${signal} ${handler}`);
        return 0n;
      },
      raise: (signal) => {
        changes.push(`raise ${signal}`);
        return 0;
      },
      tcgetattr: (_fd, modes) => {
        if (modes instanceof Uint8Array) modes[0] = state.modes;
        return 0;
      },
      tcsetattr: (fd, when) => {
        changes.push(`tcsetattr ${fd} ${when}`);
        return 0;
      },
    };
  const load: Native["load"] = (signatures) => {
    const names = Object.keys(signatures) as (keyof typeof signatures & string)[];
    return Object.fromEntries(names.map((name) => [name, functions[name]])) as ReturnType<Native["load"]>;
  };
  return { native: { load, address: () => 0n, darwin: false } satisfies Native, changes };
}

function started(native: Native, rest: Partial<Start> = {}): Start {
  const files = { read: () => undefined, link: () => undefined, exists: () => false };
  const none = {
    entries: [],
    ignored: [],
    stdioFlags: [0, 1, 1],
    terminals: [],
    descriptors: [],
    taken: [],
    bun: false,
  };
  return { native, files, ...none, ...rest };
}

const FLAGS = { 0: 0, 1: 1, 2: 1 };

test("prepareRestore() changes nothing but SIGPIPE where nothing was changed", () => {
  const { native, changes } = fakeNative({ handlers: { 13: IGN, 1: IGN }, flags: FLAGS, modes: 7 });
  const terminals = [Uint8Array.from({ length: 256 }, (_, at) => at === 0 ? 7 : 0), undefined, undefined];
  prepareRestore(started(native, { ignored: [1], terminals }), false).restore();
  assert.deepEqual(changes, ["signal 13 0"]);
});

test("prepareRestore() ignores again what had a listener, and leaves SIGPIPE ignored where it was", () => {
  const { native, changes } = fakeNative({ handlers: { 13: IGN, 2: 0n, 17: 4096n }, flags: FLAGS, modes: 0 });
  prepareRestore(started(native, { ignored: [2, 13, 17] }), false).restore();
  assert.deepEqual(changes, ["signal 2 1", "signal 17 1"]);
});

test("prepareRestore() gives descriptors and terminal back before the signals", () => {
  const { native, changes } = fakeNative({
    handlers: { 13: IGN, 25: IGN },
    flags: { ...FLAGS, 1: 2049, 1007: 1 },
    modes: 9,
  });
  const terminals = [new Uint8Array(256), undefined, undefined];
  prepareRestore(started(native, { terminals, descriptors: [7, 8], bun: true }), false).restore();
  assert.deepEqual(changes, ["fcntl 1 4 1", "fcntl 7 2 0", "tcsetattr 0 0", "signal 13 0", "signal 25 0"]);
});

test("prepareRestore() sends signals that waited again, last of all", () => {
  const { native, changes } = fakeNative({ handlers: { 13: IGN }, flags: FLAGS, modes: 0 });
  prepareRestore(started(native, { ignored: [17], taken: [17, 34, 34] }), false).restore();
  assert.deepEqual(changes, ["signal 13 0", "signal 17 1", "raise 17", "raise 34", "raise 34"]);
});

test("prepareRestore() does not open what was closed", () => {
  const { native, changes } = fakeNative({ handlers: { 13: IGN }, flags: { 1: 1, 2: 1, 0: 32768 }, modes: 0 });
  prepareRestore(started(native, { stdioFlags: [-1, 1, 1] }), false).restore();
  assert.deepEqual(changes, ["signal 13 0"]);
});

test("prepareRestore() ignores SIGPIPE while a failure is told", () => {
  const { native, changes } = fakeNative({ handlers: {}, flags: FLAGS, modes: 0 });
  prepareRestore(started(native), false).undo();
  assert.deepEqual(changes, ["signal 13 1"]);
});
