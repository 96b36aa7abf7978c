import { test } from "node:test";
import assert from "node:assert/strict";
import { elvish } from "../../../../src/shell/formats/elvish.ts";
import { changesOf, NOWHERE } from "../../../support/values.ts";

test("elvish escapes all but printable ASCII", () => {
  assert.equal(
    elvish.print(changesOf({ T: "\"\\$a'\n\x7f\x80€🔑" }, ["A"]), NOWHERE),
    String.raw`unset-env A; set-env T "\"\\$a'\x0a\x7f\u0080\u20ac\U0001f511"` + "\n",
  );
});

test("elvish unsets, and fails with an exception", () => {
  assert.deepEqual([elvish.unset?.(["A", "B"], NOWHERE), elvish.failure], [
    "unset-env A; unset-env B\n",
    "fail 'mlflow-auth export failed'\n",
  ]);
});
