import assert from "node:assert/strict";
import { test } from "node:test";
import { isPlainWord } from "../../../src/cli/plain_word.ts";

for (const word of ["python", "./train.sh", "https://team.vault.azure.net/", "a-b_c.d"]) {
  test(`isPlainWord() lets ${word} be shown`, () => assert.ok(isPlainWord(word)));
}

for (
  const word of [
    "",
    "two words",
    "$(id)",
    "a=b",
    "eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.c2lnbmF0dXJl",
    "a1b2c3d4e5f6a7b8c9",
    "x".repeat(65),
  ]
) {
  test(`isPlainWord() keeps ${JSON.stringify(word)} from being shown`, () => assert.ok(!isPlainWord(word)));
}
