import assert from "node:assert/strict";
import { test } from "node:test";
import { environAddress, readLibcEnvironment } from "../../../../src/host/native/libc_environment.ts";
import type { Native } from "../../../../src/host/native/native.ts";

/** A C library over a memory of its own, in which `environ` lies at 0x10. */
function fakeNative(
  environment: readonly string[],
  options: { readonly darwin?: boolean; readonly oldGlibc?: boolean } = {},
): Native {
  const memory = new Uint8Array(4096);
  const view = new DataView(memory.buffer);
  view.setBigUint64(0x10, 0x100n, true);
  const place = { at: 0x800 };
  environment.forEach((entry, index) => {
    view.setBigUint64(0x100 + 8 * index, BigInt(place.at), true);
    memory.set(new TextEncoder().encode(`${entry}\0`), place.at);
    place.at += entry.length + 1;
  });
  const functions: Readonly<Record<string, (...values: readonly unknown[]) => bigint>> = {
    dlsym: () => 0x10n,
    _NSGetEnviron: () => 0x10n,
    strlen: (at) => BigInt(memory.indexOf(0, Number(at)) - Number(at)),
    memcpy: (into, from, length) => {
      if (into instanceof Uint8Array) into.set(memory.subarray(Number(from), Number(from) + Number(length)));
      return 0n;
    },
  };
  const load: Native["load"] = (signatures, library) => {
    if (options.oldGlibc === true && "dlsym" in signatures && library !== "libdl.so.2") throw new TypeError("no dlsym");
    return Object.fromEntries(Object.keys(signatures).map((name) => [name, functions[name]])) as ReturnType<
      Native["load"]
    >;
  };
  return { load, address: () => 0n, darwin: options.darwin ?? false };
}

test("environAddress() finds the variable in each C library", () => {
  const natives = [fakeNative([]), fakeNative([], { oldGlibc: true }), fakeNative([], { darwin: true })];
  assert.deepEqual(natives.map(environAddress), [0x10n, 0x10n, 0x10n]);
});

test("readLibcEnvironment() copies every entry, empty ones too", () => {
  const entries = readLibcEnvironment(fakeNative(["A=1", "", "B=x y"]));
  assert.deepEqual(entries.map((entry) => new TextDecoder().decode(entry)), ["A=1", "", "B=x y"]);
});
