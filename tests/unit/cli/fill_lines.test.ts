import assert from "node:assert/strict";
import { test } from "node:test";
import { fillLines } from "../../../src/cli/fill_lines.ts";

test("fillLines() begins a line where a word would go beyond the columns", () => {
  assert.equal(fillLines(["ab", "cd", "e"], 5), "ab cd\ne");
  assert.equal(fillLines(["ab", "cd", "e"], 4), "ab\ncd e");
});

test("fillLines() keeps a word whole that is too long, and gives nothing for none", () => {
  assert.equal(fillLines(["abcdef", "g"], 3), "abcdef\ng");
  assert.equal(fillLines([]), "");
});

test("fillLines() fills lines of 80 characters", () => {
  assert.deepEqual(fillLines(Array.from({ length: 41 }, () => "a")).split("\n").map((line) => line.length), [79, 1]);
});
