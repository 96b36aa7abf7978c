import { test } from "node:test";
import assert from "node:assert/strict";
import { AuthError } from "../../../../src/core/errors.ts";
import { gitlab } from "../../../../src/shell/formats/gitlab.ts";
import { changesOf, NOWHERE } from "../../../support/values.ts";

test("gitlab prints a value as it is", () => {
  assert.equal(gitlab.print(changesOf({ T: "a 'b' \"c\" #é" }, ["A"]), NOWHERE), "T=a 'b' \"c\" #é\n");
});

test("gitlab refuses what it would strip, expand or not take", () => {
  const reasons = ["a\nb", "$a", " a", "a ", "x".repeat(5118)].map((value) => {
    try {
      return gitlab.print(changesOf({ T: value }), NOWHERE);
    } catch (error) {
      return error instanceof AuthError && error.code === "format-cannot-hold" ? error.message : error;
    }
  });
  const start = 'Cannot print "T" in format "gitlab": the ';
  assert.deepEqual(reasons, [
    `${start}value holds a control character`,
    `${start}value holds a dollar sign`,
    `${start}value begins or ends with a blank`,
    `${start}value begins or ends with a blank`,
    `${start}report would be larger than 5 KiB`,
  ]);
});

test("gitlab cannot unset, and prints nothing on failure", () => {
  assert.deepEqual([gitlab.unset, gitlab.failure], [undefined, ""]);
});
