import assert from "node:assert/strict";
import { test } from "node:test";
import type { Native, NativeFunction } from "../../../../src/host/native/native.ts";
import { openKeyCalls } from "../../../../src/host/keyring/system_calls.ts";

const START = 2 ** 40;

/** A C library that notes every `syscall(2)`, with the text at each address, and lets it end with a result and an error number. */
function recording(result: bigint, errno = 0) {
  const calls: (number | string)[][] = [];
  const memory: Uint8Array[] = [];
  const seen = (value: bigint | number | Uint8Array): number | string => {
    const at = Number(value) - START;
    const text = at < 0 ? undefined : new TextDecoder().decode(memory[0]?.subarray(at)).split("\0")[0];
    return text ?? Number(value);
  };
  const functions: Readonly<Record<string, NativeFunction>> = {
    syscall: (...values) => {
      calls.push(values.map(seen));
      return result;
    },
    __errno_location: () => 1n,
    memcpy: (to) => {
      if (to instanceof Uint8Array) to[0] = errno;
      return 0n;
    },
  };
  const native: Native = {
    darwin: false,
    address: (bytes) => {
      memory.push(bytes);
      return BigInt(START);
    },
    load: (signatures) => Object.fromEntries(Object.keys(signatures).map((name) => [name, functions[name]])) as never,
  };
  return { calls, native };
}

test("openKeyCalls() has the numbers of both processors, and none of others", () => {
  const numbers = ["x64", "arm64"].map((architecture) => {
    const { calls, native } = recording(7n);
    const keys = openKeyCalls(native, architecture);
    keys?.add("name", new Uint8Array([1]), -2);
    keys?.link(7, -4);
    keys?.uid();
    keys?.bootMs();
    return calls.map(([number]) => number);
  });
  assert.deepEqual(numbers, [[248, 250, 107, 228], [217, 219, 175, 113]]);
  assert.equal(openKeyCalls(recording(0n).native, "riscv64"), undefined);
});

test("openKeyCalls() calls as keyctl(2) wants it", () => {
  const { calls, native } = recording(7n);
  const keys = openKeyCalls(native, "x64") ?? assert.fail();
  assert.equal(keys.add("name", new TextEncoder().encode("payload"), -2), 7);
  assert.equal(keys.search(-4, "name"), 7);
  keys.setTimeout(7, 60);
  keys.setPermissions(7, 0x1b0000);
  keys.link(7, -4);
  keys.invalidate(7);
  assert.deepEqual(calls, [
    [248, "user", "name", "payload", 7, -2],
    [250, 10, -4, "user", "name", 0],
    [250, 15, 7, 60, 0, 0],
    [250, 5, 7, 0x1b0000, 0, 0],
    [250, 8, 7, -4, 0, 0],
    [250, 21, 7, 0, 0, 0],
  ]);
});

test("openKeyCalls() throws the system's error by its name, and makes no key that is too long", () => {
  const codes = [1, 13, 38, 122, 126, 127, 128, 99].map((errno) => {
    const keys = openKeyCalls(recording(-1n, errno).native, "x64") ?? assert.fail();
    try {
      keys.search(-4, "name");
      return "found";
    } catch (error) {
      return Object(error).code;
    }
  });
  const named = ["EPERM", "EACCES", "ENOSYS", "EDQUOT", "ENOKEY", "EKEYEXPIRED", "EKEYREVOKED", "errno 99"];
  assert.deepEqual(codes, named);
  const { calls, native } = recording(7n);
  assert.throws(() => openKeyCalls(native, "x64")?.add("name", new Uint8Array(32_768), -2), { code: "EINVAL" });
  assert.deepEqual(calls, []);
});
