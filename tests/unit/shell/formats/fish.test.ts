import { test } from "node:test";
import assert from "node:assert/strict";
import { fish } from "../../../../src/shell/formats/fish.ts";
import { changesOf, NOWHERE } from "../../../support/values.ts";

const word = (value: string): string => {
  const text = fish.print(changesOf({ T: value }), NOWHERE);
  assert.ok(text.startsWith("set -gx T ") && text.endsWith("; set -q T\n"));
  return text.slice("set -gx T ".length, -"; set -q T\n".length);
};

test("fish quotes printable ASCII, a quote and a backslash included", () => {
  assert.equal(word("$a (b) \\'"), "'$a (b) \\\\\\''");
});

test("fish spells a newline by name and other bytes by number, outside the quotes", () => {
  assert.equal(word("a\n\t\x7fé\n"), String.raw`'a'\n\X09\X7f\Xc3\Xa9\n`);
});

test("fish hides a universal variable behind an empty global one", () => {
  assert.equal(
    fish.print(changesOf({ U: "u", P: "p" }, ["A"]), NOWHERE),
    "set -eg A; set -q A; and set -gx A ''; set -gx U 'u'; set -gx P 'p'; set -q P\n",
  );
});

test("fish unsets with status 0, and fails with false", () => {
  assert.deepEqual([fish.unset?.(["A"], NOWHERE), fish.failure], [
    "set -eg A; set -q A; and set -gx A ''; true\n",
    "false\n",
  ]);
});
