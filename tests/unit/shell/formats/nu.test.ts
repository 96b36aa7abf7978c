import { test } from "node:test";
import assert from "node:assert/strict";
import { nu } from "../../../../src/shell/formats/nu.ts";
import { changesOf, NOWHERE } from "../../../support/values.ts";

test("nu prints an object for load-env", () => {
  assert.equal(nu.print(changesOf({ T: "é\n" }, ["A"]), NOWHERE), String.raw`{"T":"\u00e9\n","A":null}` + "\n");
});

test("nu refuses a NUL, which no environment holds", () => {
  assert.throws(() => nu.print(changesOf({ T: "a\0" }), NOWHERE), {
    code: "format-cannot-hold",
    message: 'Cannot print "T" in format "nu": the value holds a NUL',
  });
});

test("nu unsets with null, and prints nothing on failure", () => {
  assert.deepEqual([nu.unset?.(["A"], NOWHERE), nu.failure], ['{"A":null}\n', ""]);
});
