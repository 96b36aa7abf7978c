import type { Tally } from "./junit.ts";

/**
 * The lines that say what was skipped, each with what its file lacked, and then what failed.
 *
 * @param tally what did not pass
 * @param reasons a line for each thing that was lacking: the file that asked for it, a tab, and what to get
 * @returns the lines, the failures last
 *
 * @example
 * ```ts
 * import { notPassed } from "./report.ts";
 * import { NONE } from "./junit.ts";
 * import assert from "node:assert/strict";
 *
 * const skippedTests = [{ name: "it draws", file: "./tests/real/a.test.ts" }];
 * assert.deepEqual(notPassed({ ...NONE, skippedTests }, "/x/tests/real/a.test.ts\tno pen: buy one\n"), [
 *   "",
 *   "Skipped:",
 *   "  it draws: no pen: buy one",
 * ]);
 * ```
 */
export function notPassed({ skippedTests, failedTests }: Tally, reasons: string): readonly string[] {
  const rows = reasons.split("\n").filter((line) => line !== "").map((line) => line.split("\t"));
  const why = (file: string): string => {
    const own = rows.filter(([of = ""]) =>
      of !== "" && (of === file || file.endsWith(of.replace(/^.*\/tests\//, "/tests/")))
    );
    const shared = rows.filter(([of = ""]) => !of.endsWith(".test.ts"));
    const reasons = new Set((own.length > 0 ? own : shared).map(([, reason = ""]) => reason));
    return reasons.size === 0 ? "its test gives no reason (see tests/support/skip.ts)" : [...reasons].join("; or ");
  };
  const skipped = skippedTests.map(({ name, file }) => `  ${name}: ${why(file)}`);
  const failed = failedTests.map(({ name, file }) => `  ${name}  (${file})`);
  return [
    ...skipped.length > 0 ? ["", "Skipped:", ...skipped] : [],
    ...failed.length > 0 ? ["", "Failed:", ...failed] : [],
  ];
}

/**
 * What `deno test --reporter=dot` printed, without its dots, which stand one on a line where nobody watches.
 *
 * @param text what was printed, in colours or not
 * @returns the summary, and what failed
 *
 * @example
 * ```ts
 * import { withoutDots } from "./report.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(withoutDots(".\n.\n,\n\nok | 3 passed\n"), "\nok | 3 passed\n");
 * ```
 */
export const withoutDots = (text: string): string =>
  // deno-lint-ignore no-control-regex
  text.split("\n").filter((line) => !/^[.,!]+$/.test(line.replaceAll(/\x1b\[[\d;]*m/g, ""))).join("\n");
