import assert from "node:assert/strict";
import { test } from "node:test";
import type { Native } from "../../../src/host/native/native.ts";
import { partialWriter } from "../../../src/host/partial_write.ts";

/** A C library whose `write` gives these results, a negative one as an error number. */
function fakeNative(results: number[]): Native {
  const state = { errno: 0 };
  const functions: Readonly<Record<string, (...values: readonly unknown[]) => bigint | number>> = {
    write: () => {
      const result = results.shift() ?? 0;
      state.errno = -result;
      return result < 0 ? BigInt.asUintN(64, -1n) : BigInt(result);
    },
    __errno_location: () => 4096n,
    memcpy: (into) => {
      if (into instanceof Uint8Array) into[0] = state.errno;
      return 0n;
    },
  };
  const load: Native["load"] = (signatures) =>
    Object.fromEntries(Object.keys(signatures).map((name) => [name, functions[name]])) as ReturnType<Native["load"]>;
  return { load, address: () => 0n, darwin: false };
}

test("partialWriter() tells bytes written, no room, an interruption and an error", () => {
  const write = partialWriter({ native: fakeNative([3, -11, -4, -32]), stdioFlags: [0, 0x801, 1] }, 1);
  const bytes = new Uint8Array(5);
  assert.deepEqual([1, 2, 3, 4].map(() => write?.(bytes)), [3, 0, 0, -1]);
});

test("partialWriter() writes to a descriptor that blocks, and to none that is closed", () => {
  const native = fakeNative([5]);
  assert.equal(partialWriter({ native, stdioFlags: [0, 1, 1] }, 1)?.(new Uint8Array(5)), 5);
  assert.equal(partialWriter({ native, stdioFlags: [0, -1, 1] }, 1), undefined);
});
