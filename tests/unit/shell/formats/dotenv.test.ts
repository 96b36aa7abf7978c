import { test } from "node:test";
import assert from "node:assert/strict";
import { dotenv } from "../../../../src/shell/formats/dotenv.ts";
import { AuthError } from "../../../../src/core/errors.ts";
import { changesOf, NOWHERE } from "../../../support/values.ts";

const print = (value: string): string => dotenv.print(changesOf({ T: value }, ["A"]), NOWHERE);

test("dotenv quotes only as all its readers understand", () => {
  assert.deepEqual(["e30.x-_", "a#b", ' $a"`\\b ', "it's", "'#é'"].map(print), [
    "T=e30.x-_\n",
    "T='a#b'\n",
    "T=' $a\"`\\b '\n",
    'T="it\'s"\n',
    "T=\"'#é'\"\n",
  ]);
});

test("dotenv refuses what its readers take differently", () => {
  const reasons = ["a\nb", "a\rb", "a\\\\b", "a\\", "${X}", "'$", "'\"", "'`", "'\\", "\ufffe"].map((value) => {
    try {
      return print(value);
    } catch (error) {
      return error instanceof AuthError && error.code === "format-cannot-hold" ? error.message : error;
    }
  });
  const start = 'Cannot print "T" in format "dotenv": the value holds ';
  const signs = `${start}quotes, backslashes or dollar signs that readers of .env files take differently`;
  assert.deepEqual(reasons, [
    `${start}a line break`,
    `${start}a line break`,
    ...Array(7).fill(signs),
    `${start}a Unicode noncharacter`,
  ]);
});

test("dotenv cannot unset, and prints nothing on failure", () => {
  assert.deepEqual([dotenv.unset, dotenv.failure], [undefined, ""]);
});
