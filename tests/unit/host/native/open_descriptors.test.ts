import assert from "node:assert/strict";
import { test } from "node:test";
import type { Native } from "../../../../src/host/native/native.ts";
import { openDescriptors } from "../../../../src/host/native/open_descriptors.ts";

/** A C library in which these descriptors are open, with these flags. */
function fakeNative(open: Readonly<Record<number, number>>): Native {
  const functions = { fcntl: (fd: unknown) => open[Number(fd)] ?? -1 };
  const load: Native["load"] = (signatures) =>
    Object.fromEntries(
      Object.keys(signatures).map((name) => [name, functions[name as keyof typeof functions]]),
    ) as ReturnType<Native["load"]>;
  return { load, address: () => 0n, darwin: false };
}

const statusOf = (text: string) => ({ read: () => new TextEncoder().encode(text) });

test("openDescriptors() asks for each that the table has room for, but the standard ones", () => {
  const native = fakeNative({ 0: 0, 1: 0, 2: 0, 5: 1, 63: 0, 64: 0 });
  assert.deepEqual(openDescriptors(native, statusOf("Name:\tx\nFDSize:\t64\nGroups:\t0\n")), [
    { fd: 5, flags: 1 },
    { fd: 63, flags: 0 },
  ]);
});

test("openDescriptors() asks for a thousand where the system does not say how many there may be", () => {
  const native = fakeNative({ 3: 0, 1023: 1, 1024: 0 });
  const found = [{ fd: 3, flags: 0 }, { fd: 1023, flags: 1 }];
  assert.deepEqual(openDescriptors(native, statusOf("Name:\tx\n")), found);
  assert.deepEqual(openDescriptors(native, { read: () => undefined }), found);
});
