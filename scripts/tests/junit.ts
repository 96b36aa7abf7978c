/** A test that did not pass. */
export interface NotPassed {
  readonly name: string;
  /** The file that holds it, as the report has it; `""` for what is none of a file. */
  readonly file: string;
}

/** How many tests ended how. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failedTests: readonly NotPassed[];
  readonly skippedTests: readonly NotPassed[];
}

/** No tests. */
export const NONE: Tally = { passed: 0, failed: 0, skipped: 0, failedTests: [], skippedTests: [] };

/**
 * Adds two tallies.
 *
 * @param one a tally
 * @param other another
 * @returns their sum
 */
export function add(one: Tally, other: Tally): Tally {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
    failedTests: [...one.failedTests, ...other.failedTests],
    skippedTests: [...one.skippedTests, ...other.skippedTests],
  };
}

const unescape = (text: string): string =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&#39;", "'")
    .replaceAll("&apos;", "'").replaceAll("&amp;", "&");

/**
 * Counts the tests of a JUnit report of `deno test`. A test that has tests inside counts by those alone, unless it failed and none
 * of them did.
 *
 * @param xml the report
 * @returns the tally
 *
 * @example
 * ```ts
 * import { readJunit } from "./junit.ts";
 * import assert from "node:assert/strict";
 *
 * const xml = '<testcase name="f() works" line="1">\n</testcase><testcase name="g() works" classname="./a.ts"><skipped/></testcase>';
 * const { passed, skippedTests } = readJunit(xml);
 * assert.deepEqual({ passed, skippedTests }, { passed: 1, skippedTests: [{ name: "g() works", file: "./a.ts" }] });
 * ```
 */
export function readJunit(xml: string): Tally {
  const cases = [...xml.matchAll(/<testcase name="([^"]*)"([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g)]
    .map(([, name = "", attributes = "", body = ""]) => ({
      name: unescape(name),
      file: unescape(/classname="([^"]*)"/.exec(attributes)?.[1] ?? ""),
      failed: /<(?:failure|error)\b/.test(body),
      skipped: /<skipped\b/.test(body),
    }));
  const counted = cases.filter(({ name, failed }) => {
    const inside = cases.filter((other) => other.name.startsWith(`${name} > `));
    return inside.length === 0 || (failed && inside.every((other) => !other.failed));
  });
  const named = (tests: typeof counted): readonly NotPassed[] => tests.map(({ name, file }) => ({ name, file }));
  const skippedTests = named(counted.filter((one) => one.skipped));
  const failedTests = named(counted.filter((one) => one.failed));
  return {
    passed: counted.length - failedTests.length - skippedTests.length,
    failed: failedTests.length,
    skipped: skippedTests.length,
    failedTests,
    skippedTests,
  };
}
