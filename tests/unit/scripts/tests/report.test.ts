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

test("notPassed() names every reason for a skip of which no file is known, and says nothing where all passed", () => {
  const skippedTests = [{ name: "a", file: "./other.test.ts" }];
  assert.deepEqual(notPassed({ ...NONE, skippedTests }, "x\tno R\ny\tno Go\n").at(-1), "  a: no R; or no Go");
  assert.deepEqual(notPassed(NONE, ""), []);
});

test("withoutDots() leaves out lines of dots alone, coloured or not", () => {
  const printed = "\x1b[32m.\x1b[0m\n.\n\x1b[31m!\x1b[0m\n ERRORS \n...\nok ...\n";
  assert.equal(withoutDots(printed), " ERRORS \nok ...\n");
});
