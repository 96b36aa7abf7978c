import assert from "node:assert/strict";
import { test } from "node:test";
import type { Native } from "../../../../src/host/native/native.ts";
import { openDescriptors } from "../../../../src/host/native/open_descriptors.ts";

/** A C library in which these descriptors are open, with these flags, and that lists these names, if any. */
function fakeNative(open: Readonly<Record<number, number>>, names?: readonly string[]) {
  const asked: number[] = [];
  const folder = { closed: false };
  const waiting = (names ?? []).map((_, at) => BigInt(at + 1));
  const functions: Readonly<Record<string, (...values: never[]) => bigint | number>> = {
    fcntl: (fd: number) => (asked.push(fd), open[fd] ?? -1),
    opendir: () => names === undefined ? 0n : 7n,
    readdir: () => waiting.shift() ?? 0n,
    closedir: () => Number(folder.closed = true),
    memcpy: (to: Uint8Array, at: bigint) => {
      // What lies behind a name is left from another entry.
      const entry = new TextEncoder().encode(`${" ".repeat(19)}${names?.[Number(at) - 1]}\0rest`);
      to.set(entry.subarray(0, to.length));
      return 0n;
    },
  };
  const load: Native["load"] = (signatures) =>
    Object.fromEntries(Object.keys(signatures).map((name) => [name, functions[name]])) as ReturnType<Native["load"]>;
  const native: Native = { load, address: () => 0n, darwin: false };
  return { native, asked, folder };
}

const statusOf = (text: string) => ({ read: () => new TextEncoder().encode(text) });
const nothing = { read: () => undefined };

test("openDescriptors() asks for those that the system lists, but the standard ones and that of the list", () => {
  const open = { 0: 0, 1: 0, 2: 0, 5: 1, 1023: 0 };
  const { native, asked, folder } = fakeNative(open, [".", "..", "0", "1", "2", "5", "6", "1023"]);
  assert.deepEqual(openDescriptors(native, nothing), [{ fd: 5, flags: 1 }, { fd: 1023, flags: 0 }]);
  assert.deepEqual([asked, folder.closed], [[5, 6, 1023], true]);
});

test("openDescriptors() asks for each that the table has room for where they are not listed, or have long numbers", () => {
  for (const names of [undefined, ["3", "12345"]]) {
    const { native } = fakeNative({ 0: 0, 1: 0, 2: 0, 5: 1, 63: 0, 64: 0 }, names);
    assert.deepEqual(openDescriptors(native, statusOf("Name:\tx\nFDSize:\t64\nGroups:\t0\n")), [
      { fd: 5, flags: 1 },
      { fd: 63, flags: 0 },
    ]);
  }
});

test("openDescriptors() asks for a thousand where the system does not say how many there may be", () => {
  const found = [{ fd: 3, flags: 0 }, { fd: 1023, flags: 1 }];
  for (const files of [statusOf("Name:\tx\n"), nothing]) {
    assert.deepEqual(openDescriptors(fakeNative({ 3: 0, 1023: 1, 1024: 0 }).native, files), found);
  }
});
