import { test } from "node:test";
import assert from "node:assert/strict";
import { xonsh } from "../../../../src/shell/formats/xonsh.ts";
import { changesOf, NOWHERE } from "../../../support/values.ts";

test("xonsh escapes all but letters, digits and three signs", () => {
  assert.equal(
    xonsh.print(changesOf({ T: "aZ0_.-'\"\\\n\x7fÿ€🔑" }, ["A"]), NOWHERE),
    "${...}.pop('A', None); ${'T'} = " + String.raw`'aZ0_.-\x27\x22\x5c\x0a\x7f\xff\u20ac\U0001f511'` + "\n",
  );
});

test("xonsh unsets, and fails with an exception", () => {
  assert.deepEqual([xonsh.unset?.(["A", "B"], NOWHERE), xonsh.failure], [
    "${...}.pop('A', None); ${...}.pop('B', None)\n",
    "raise RuntimeError('mlflow-auth export failed')\n",
  ]);
});
