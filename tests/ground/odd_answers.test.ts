import "../support/guard.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { firstBuild } from "../support/run_program.ts";
import { type Combination, COMBINATIONS, PAIRS, runCompiled } from "../real/odd_answers/compiled.ts";

/** The pairs of a combination: each of its four parts with each other one. */
function pairsOf({ service, identity, odd }: Combination): readonly string[] {
  const parts = [`${service} ${identity}`, `${odd.status}`, odd.bodyName, odd.type];
  return parts.flatMap((one, at) =>
    parts.slice(at + 1).map((other, more) => `${at},${at + 1 + more}: ${one} | ${other}`)
  );
}

test("the combinations that are run have every pair of service, status, body and media type", () => {
  const pairs = (combinations: readonly Combination[]) => new Set(combinations.flatMap(pairsOf));
  assert.deepEqual(pairs(PAIRS), pairs(COMBINATIONS));
});

test(
  "the compiled program's exec and doctor name each odd answer of each service",
  { skip: firstBuild().skip },
  async () => {
    const flaws = await runCompiled(PAIRS);
    console.log(
      `combinations through the compiled program: ${PAIRS.length} of ${COMBINATIONS.length}; flaws: ${flaws.length}`,
    );
    assert.equal(flaws.length, 0, `\n${flaws.join("\n")}`);
  },
);
