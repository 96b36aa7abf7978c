import assert from "node:assert/strict";
import { test } from "node:test";
import { giveCodeBack } from "../../../../src/host/native/code_memory.ts";
import { fakeNative } from "../../../support/native.ts";

const OWN = "/opt/a b/mlflow-auth";

/** What is advised where the system has these mappings. */
function advised(maps: string | undefined, own: string | undefined = OWN): readonly unknown[] {
  const { native, calls } = fakeNative();
  const files = { link: () => own, read: () => maps === undefined ? undefined : new TextEncoder().encode(maps) };
  giveCodeBack({ native, files });
  return calls;
}

test("giveCodeBack() gives back the program's own code, and nothing that could have been changed", () => {
  const maps = `400000-401000 r--p 00000000 fe:00 7                    ${OWN}
7f0000001000-7f0000005000 r-xp 00001000 fe:00 7          ${OWN}
7f0000005000-7f0000006000 rw-p 00005000 fe:00 7          ${OWN}
7f0000006000-7f0000007000 rwxp 00006000 fe:00 7          ${OWN}
7f0000008000-7f0000009000 r-xp 00000000 00:00 0 [anon]
7f000000a000-7f000000b000 r-xp 00000000 fe:00 9          /usr/lib/libc.so.6
7ffd00000000-7ffd00001000 r-xp 00000000 00:00 0          [vdso]
`;
  assert.deepEqual(advised(maps), [[0x7f0000001000n, 0x4000n, 4]]);
});

test("giveCodeBack() does nothing where the system does not say what is mapped", () => {
  assert.deepEqual([advised(undefined), advised("", undefined)], [[], []]);
});
