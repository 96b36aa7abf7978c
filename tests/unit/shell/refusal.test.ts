import { test } from "node:test";
import assert from "node:assert/strict";
import { refusal } from "../../../src/shell/refusal.ts";

test("refusal() names the variable, the format, the reason and another format", () => {
  const { code, message, remedy } = refusal("T", { format: "csh", reason: "the value is empty", instead: "tcsh" });
  assert.deepEqual([code, message, remedy], [
    "format-cannot-hold",
    'Cannot print "T" in format "csh": the value is empty',
    "mlflow-auth export --format tcsh",
  ]);
});
