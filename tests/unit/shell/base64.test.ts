import { test } from "node:test";
import assert from "node:assert/strict";
import { base64 } from "../../../src/shell/base64.ts";

test("base64() encodes the UTF-8 bytes", () => {
  assert.deepEqual(["", "a", "ab", "abc", "€🔑"].map(base64), ["", "YQ==", "YWI=", "YWJj", "4oKs8J+UkQ=="]);
});
