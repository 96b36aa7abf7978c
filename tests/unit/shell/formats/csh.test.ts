import { test } from "node:test";
import assert from "node:assert/strict";
import { csh, tcsh } from "../../../../src/shell/formats/csh.ts";
import { changesOf, NOWHERE } from "../../../support/values.ts";

const printTcsh = (value: string): string => tcsh.print(changesOf({ T: value }, ["A", "B"]), NOWHERE);

test("tcsh prints a token as readable code", () => {
  assert.equal(printTcsh("e30.x-_"), "unsetenv A;unsetenv B;setenv T 'e30.x-_'\n");
});

test("tcsh spells an exclamation mark in octal, which history would expand", () => {
  assert.equal(printTcsh("a!b"), "unsetenv A;unsetenv B;setenv T \"`printf 'a\\041b'`\"\n");
});

test("tcsh joins lines by newlines, first and last ones too", () => {
  assert.equal(
    printTcsh("\na\n\nb\n"),
    "unsetenv A;unsetenv B;setenv T $'\\n'\"`printf 'a'`\"$'\\n'$'\\n'\"`printf 'b'`\"$'\\n'\n",
  );
});

test("csh refuses a newline and names tcsh", () => {
  assert.throws(() => csh.print(changesOf({ T: "s3cr3t\n" }), NOWHERE), {
    name: "AuthError",
    code: "format-cannot-hold",
    message: 'Cannot print "T" in format "csh": the value holds a line break',
    remedy: "mlflow-auth export --format tcsh",
  });
});

test("csh refuses a value that makes its word too long, spelled in octal or not", () => {
  const refused = ["x".repeat(4078), "x".repeat(4079), "!".repeat(1016), "!".repeat(1017)].map((value) => {
    try {
      return csh.print(changesOf({ T: value }), NOWHERE).length;
    } catch (error) {
      return error instanceof Error ? error.message : error;
    }
  });
  const reason = 'Cannot print "T" in format "csh": the value is too long for a word of csh';
  assert.deepEqual(refused, [4090, reason, 4087, reason]);
});

test("csh and tcsh unset alike, and fail with false", () => {
  assert.deepEqual([csh, tcsh].map((format) => [format.unset?.(["A", "B"], NOWHERE), format.failure]), [
    ["unsetenv A;unsetenv B\n", "false\n"],
    ["unsetenv A;unsetenv B\n", "false\n"],
  ]);
});
