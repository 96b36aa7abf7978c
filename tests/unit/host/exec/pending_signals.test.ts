import assert from "node:assert/strict";
import { test } from "node:test";
import type { Native } from "../../../../src/host/native/native.ts";
import { pendingSignals, takePending } from "../../../../src/host/exec/pending_signals.ts";

/** A C library with signals that wait. */
function fakeNative(waiting: number[]): Native {
  const bits = (set: unknown): Uint8Array => set instanceof Uint8Array ? set : new Uint8Array(128);
  const has = (set: Uint8Array, signal: number) => ((set[(signal - 1) >> 3] ?? 0) >> ((signal - 1) & 7) & 1) === 1;
  const functions: Readonly<Record<string, (...values: readonly unknown[]) => number>> = {
    sigpending: (set) => {
      for (const signal of waiting) {
        bits(set)[(signal - 1) >> 3] = (bits(set)[(signal - 1) >> 3] ?? 0) | 1 << ((signal - 1) & 7);
      }
      return 0;
    },
    sigtimedwait: (set) => {
      const at = waiting.findIndex((signal) => has(bits(set), signal));
      return at < 0 ? -1 : waiting.splice(at, 1)[0] ?? -1;
    },
  };
  const load: Native["load"] = (signatures) =>
    Object.fromEntries(Object.keys(signatures).map((name) => [name, functions[name]])) as ReturnType<Native["load"]>;
  return { load, address: () => 0n, darwin: false };
}

test("pendingSignals() reads every bit of the set", () => {
  assert.deepEqual(pendingSignals(fakeNative([1, 8, 9, 17, 64])), [1, 8, 9, 17, 64]);
  assert.deepEqual(pendingSignals(fakeNative([])), []);
});

test("takePending() takes each signal as often as it waits", () => {
  const waiting = [34, 15, 34];
  assert.deepEqual([takePending(fakeNative(waiting)), waiting], [[15, 34, 34], []]);
});
