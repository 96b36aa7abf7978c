import assert from "node:assert/strict";
import { test } from "node:test";
import { add, NONE, readJunit } from "../../../../scripts/tests/junit.ts";

const testcase = (name: string, body = "\n") =>
  `<testcase name="${name}" classname="./a.test.ts" time="0.1">${body}</testcase>`;

const FILE = "./a.test.ts";

test("readJunit() counts the tests inside a test and not the test around them", () => {
  const xml = testcase("a") + testcase("b") + testcase("b &gt; c") + testcase("b &gt; d", "<skipped/>");
  const skippedTests = [{ name: "b > d", file: FILE }];
  assert.deepEqual(readJunit(xml), { passed: 2, failed: 0, skipped: 1, failedTests: [], skippedTests });
});

test("readJunit() counts a failure once, and a test that fails around tests that pass", () => {
  const failure = '<failure message="x">Error: x</failure>';
  const xml = testcase("a", failure) + testcase("b", failure) + testcase("b &gt; c", failure) + testcase("d", failure) +
    testcase("d &gt; e");
  const failedTests = ["a", "b > c", "d"].map((name) => ({ name, file: FILE }));
  assert.deepEqual(readJunit(xml), { passed: 1, failed: 3, skipped: 0, failedTests, skippedTests: [] });
});

test("add() sums two tallies", () => {
  const [failedTests, skippedTests] = [[{ name: "f", file: FILE }], [{ name: "s", file: FILE }]];
  const one = { passed: 1, failed: 1, skipped: 1, failedTests, skippedTests };
  assert.deepEqual(add(add(NONE, one), one), {
    passed: 2,
    failed: 2,
    skipped: 2,
    failedTests: [...failedTests, ...failedTests],
    skippedTests: [...skippedTests, ...skippedTests],
  });
});
