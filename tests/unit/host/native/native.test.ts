import assert from "node:assert/strict";
import { test } from "node:test";
import { loadFcntl, word } from "../../../../src/host/native/native.ts";
import { fakeNative } from "../../../support/native.ts";

test("loadFcntl() puts the argument where Apple's processors look for variadic ones", () => {
  const linux = fakeNative();
  loadFcntl(linux.native)(1, 4, 7n);
  const apple = fakeNative(true);
  loadFcntl(apple.native)(1, 4, 7n);
  assert.deepEqual([linux.calls, apple.calls], [[[1, 4, 7n]], [[1, 4, 7n, 0n, 0n, 0n, 0n, 0n, 7n]]]);
});

test("word() reads eight bytes, the lowest first", () => {
  assert.equal(word(new Uint8Array([1, 2, 0, 0, 0, 0, 0, 128])), 0x8000000000000201n);
});
