import "../support/guard.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { firstBuild } from "../support/run_program.ts";
import { COMBINATIONS, runCompiled } from "../real/odd_answers/compiled.ts";

test(
  "the compiled program's exec and doctor name each odd answer of each service",
  { skip: firstBuild().skip },
  async () => {
    const flaws = await runCompiled(COMBINATIONS);
    console.log(`combinations through the compiled program: ${COMBINATIONS.length}; flaws: ${flaws.length}`);
    assert.equal(flaws.length, 0, `\n${flaws.join("\n")}`);
  },
);
