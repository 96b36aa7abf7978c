import assert from "node:assert/strict";
import { test } from "node:test";
import { NONE } from "../../../../scripts/tests/junit.ts";
import { notPassed, withoutDots } from "../../../../scripts/tests/report.ts";

test("notPassed() says beside each skip what its file lacked, and what failed last", () => {
  const tally = {
    ...NONE,
    skippedTests: [{ name: "a", file: "./tests/real/a.test.ts" }, { name: "b", file: "deno task compile" }],
    failedTests: [{ name: "c", file: "./tests/real/c.test.ts" }],
  };
  const reasons =
    "/clone/tests/real/a.test.ts\tno R\n/clone/tests/real/a.test.ts\tno R\ndeno task compile\tno denort\n";
  assert.deepEqual(notPassed(tally, reasons), [
    "",
    "Skipped:",
    "  a: no R",
    "  b: no denort",
    "",
    "Failed:",
    "  c  (./tests/real/c.test.ts)",
  ]);
});

test("notPassed() names what several files share for a skip of which its own file says nothing, and else that nobody does", () => {
  const skippedTests = [{ name: "a", file: "./tests/real/a.test.ts" }];
  const line = (reasons: string) => notPassed({ ...NONE, skippedTests }, reasons).at(-1);
  assert.equal(line("\tno R\n\tno Go\n/clone/tests/real/b.test.ts\tno pen\n"), "  a: no R; or no Go");
  assert.equal(
    line("/clone/tests/real/b.test.ts\tno pen\n"),
    "  a: its test gives no reason (see tests/support/skip.ts)",
  );
  assert.deepEqual(notPassed(NONE, ""), []);
});

test("withoutDots() leaves out lines of dots alone, coloured or not", () => {
  const printed = "\x1b[32m.\x1b[0m\n.\n\x1b[31m!\x1b[0m\n ERRORS \n...\nok ...\n";
  assert.equal(withoutDots(printed), " ERRORS \nok ...\n");
});
