import assert from "node:assert/strict";
import { test } from "node:test";
import type { Native, NativeFunction } from "../../../../src/host/native/native.ts";
import { openKeyring } from "../../../../src/host/keyring/keyring.ts";

const START = 2 ** 40;
const NAME = "mlflow-auth:1:0";

/** A kernel that knows one key, described so, and says who the user is. */
function kernel(description: string, payload = "kept") {
  const calls: number[] = [];
  let memory = new Uint8Array();
  const fill = (at: unknown, text: string): bigint => {
    memory.set(new TextEncoder().encode(text), Number(at) - START);
    return BigInt(text.length);
  };
  const functions: Readonly<Record<string, NativeFunction>> = {
    syscall: (number, operation, _key, at) => {
      if (number !== 250) return 1000n;
      calls.push(Number(operation));
      if (operation === 6) return fill(at, `${description};${NAME}\0`);
      return operation === 11 ? fill(at, payload) : 7n;
    },
    __errno_location: () => 1n,
    memcpy: () => 0n,
  };
  const native: Native = {
    darwin: false,
    address: (bytes) => {
      memory = bytes;
      return BigInt(START);
    },
    load: (signatures) => Object.fromEntries(Object.keys(signatures).map((name) => [name, functions[name]])) as never,
  };
  const files = { read: () => new TextEncoder().encode("boot-1\n") };
  return { calls, keyring: openKeyring({ native, files, architecture: "x64" }) ?? assert.fail() };
}

test("openKeyring() finds what this user keeps, and knows the user and the start of the machine", () => {
  const { keyring } = kernel("user;1000;1000;001b0000");
  const found = keyring.find(NAME);
  assert.equal(found === undefined ? undefined : new TextDecoder().decode(found), "kept");
  assert.deepEqual([keyring.uid, keyring.bootId], [1000, "boot-1"]);
});

test("openKeyring() finds no key that is another user's, or open to others", () => {
  const foreign = [
    "user;1001;1001;001b0000",
    "user;1000;1000;3f010000",
    "user;1000;1000;001b1b00",
    "keyring;1000;1000;001b0000",
  ];
  for (const description of foreign) {
    const { keyring, calls } = kernel(description);
    assert.deepEqual([keyring.find(NAME), keyring.forget(NAME)], [undefined, false], description);
    assert.ok(!calls.includes(11) && !calls.includes(21), "it was read or dropped");
  }
});

test("openKeyring() makes a key elsewhere, gives it its end and its rights, and links it last", () => {
  const { keyring, calls } = kernel("user;1000;1000;001b0000");
  keyring.keep({ name: NAME, bytes: new Uint8Array([1]) }, 60);
  assert.deepEqual(calls, [15, 5, 8]);
});

test("openKeyring() is not there where the system has no boot id, or the processor is not known", () => {
  const { native } = { native: { darwin: false, address: () => 0n, load: () => ({}) as never } };
  assert.equal(openKeyring({ native, files: { read: () => undefined }, architecture: "riscv64" }), undefined);
});
