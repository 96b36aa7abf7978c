import { test } from "node:test";
import assert from "node:assert/strict";
import { AuthError } from "../../../../src/core/errors.ts";
import { cmd } from "../../../../src/shell/formats/cmd.ts";
import { changesOf, NOWHERE } from "../../../support/values.ts";

test("cmd prints one command a line, with the line ends of Windows", () => {
  assert.equal(cmd.print(changesOf({ T: " a'=;b " }, ["A"]), NOWHERE), 'set "A="\r\nset "T= a\'=;b "\r\n');
});

test("cmd refuses what no quoting protects, without the value, and names pwsh", () => {
  const reasons = ["a%b", 'a"', "a!", "a^", "a&b", "a|b", "a<b", "a>b", "é", "a\tb", "x".repeat(8001)].map((value) => {
    try {
      return cmd.print(changesOf({ T: value }), NOWHERE);
    } catch (error) {
      return error instanceof AuthError && error.remedy === "mlflow-auth export --format pwsh" ? error.message : error;
    }
  });
  const start = 'Cannot print "T" in format "cmd": the value ';
  assert.deepEqual(reasons, [
    ...Array(8).fill(`${start}holds one of % ! " ^ & | < >`),
    `${start}holds a character that is not ASCII`,
    `${start}holds a control character`,
    `${start}is longer than 8000 characters`,
  ]);
});

test("cmd unsets, and fails with a status", () => {
  assert.deepEqual([cmd.unset?.(["A"], NOWHERE), cmd.failure], ['set "A="\r\n', "cmd /c exit 1\r\n"]);
});
