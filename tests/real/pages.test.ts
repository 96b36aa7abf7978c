import "../support/guard.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { runPages } from "../docs/blocks_run.ts";
import { firstBuild } from "../support/run_program.ts";

const { command, skip } = firstBuild();

test("the file of every deployment page does against the stand-in what the page says", { skip }, async () => {
  const { passed, skipped, faults } = await runPages(command);
  console.log([`pages: ${passed} ran`, ...skipped].join("\n"));
  assert.deepEqual(faults, []);
  assert.ok(passed > 0);
});
