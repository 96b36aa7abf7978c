/** How many tests ended how. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Names of the tests that were skipped. */
  readonly skippedNames: readonly string[];
}

/** No tests. */
export const NONE: Tally = { passed: 0, failed: 0, skipped: 0, skippedNames: [] };

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
    skippedNames: [...one.skippedNames, ...other.skippedNames],
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
 * const xml = '<testcase name="f() works" line="1">\n</testcase><testcase name="g() works"><skipped/></testcase>';
 * assert.deepEqual(readJunit(xml), { passed: 1, failed: 0, skipped: 1, skippedNames: ["g() works"] });
 * ```
 */
export function readJunit(xml: string): Tally {
  const cases = [...xml.matchAll(/<testcase name="([^"]*)"[^>]*?(?:\/>|>([\s\S]*?)<\/testcase>)/g)]
    .map(([, name = "", body = ""]) => ({
      name: unescape(name),
      failed: /<(?:failure|error)\b/.test(body),
      skipped: /<skipped\b/.test(body),
    }));
  const counted = cases.filter(({ name, failed }) => {
    const inside = cases.filter((other) => other.name.startsWith(`${name} > `));
    return inside.length === 0 || (failed && inside.every((other) => !other.failed));
  });
  const skipped = counted.filter((one) => one.skipped);
  const failed = counted.filter((one) => one.failed).length;
  return {
    passed: counted.length - failed - skipped.length,
    failed,
    skipped: skipped.length,
    skippedNames: skipped.map(({ name }) => name),
  };
}
