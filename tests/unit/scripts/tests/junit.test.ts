import assert from "node:assert/strict";
import { test } from "node:test";
import { add, NONE, readJunit } from "../../../../scripts/tests/junit.ts";

const testcase = (name: string, body = "\n") =>
  `<testcase name="${name}" classname="./a.test.ts" time="0.1">${body}</testcase>`;

test("readJunit() counts the tests inside a test and not the test around them", () => {
  const xml = testcase("a") + testcase("b") + testcase("b &gt; c") + testcase("b &gt; d", "<skipped/>");
  assert.deepEqual(readJunit(xml), { passed: 2, failed: 0, skipped: 1, skippedNames: ["b > d"] });
});

test("readJunit() counts a failure once, and a test that fails around tests that pass", () => {
  const failure = '<failure message="x">Error: x</failure>';
  const xml = testcase("a", failure) + testcase("b", failure) + testcase("b &gt; c", failure) + testcase("d", failure) +
    testcase("d &gt; e");
  assert.deepEqual(readJunit(xml), { passed: 1, failed: 3, skipped: 0, skippedNames: [] });
});

test("add() sums two tallies", () => {
  const one = { passed: 1, failed: 2, skipped: 1, skippedNames: ["a"] };
  assert.deepEqual(add(add(NONE, one), one), { passed: 2, failed: 4, skipped: 2, skippedNames: ["a", "a"] });
});
