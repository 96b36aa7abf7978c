import assert from "node:assert/strict";
import { test } from "node:test";
import { defaulted, optional } from "../../../src/core/setting_row.ts";

test("optional() and defaulted() give back the row they are given", () => {
  const row = { key: "a", names: ["A"], doc: "a", parse: Number } as const;
  assert.equal(optional(row), row);
  assert.deepEqual(defaulted({ ...row, fallback: 1 }), { ...row, fallback: 1 });
});
