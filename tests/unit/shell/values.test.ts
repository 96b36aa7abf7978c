import { test } from "node:test";
import assert from "node:assert/strict";
import { isPlain, valuesOf } from "../../../src/shell/values.ts";
import { changesOf } from "../../support/values.ts";

test("valuesOf() reveals values in their order", () => {
  assert.deepEqual(valuesOf(changesOf({ B: "1", A: "2" }), { format: "sh", instead: "json" }), [["B", "1"], [
    "A",
    "2",
  ]]);
});

test("valuesOf() throws for the first value beyond a limit", () => {
  const limits = [{ reason: "the value is odd", exceeded: (value: string) => value === "odd" }];
  assert.throws(() => valuesOf(changesOf({ A: "1", B: "odd" }), { format: "sh", instead: "nu", limits }), {
    code: "format-cannot-hold",
    message: 'Cannot print "B" in format "sh": the value is odd',
    remedy: "mlflow-auth export --format nu",
  });
});

test("isPlain() takes letters, digits, _, . and - alone, to the very end", () => {
  assert.deepEqual(["aZ09_.-", "", "a\n", "a b", "é", "a/b", "a+b=="].map(isPlain), [true, ...Array(6).fill(false)]);
});
