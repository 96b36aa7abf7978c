import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { skipExec } from "./exec/skip_exec.ts";
import { runFor } from "./exec/run_for.ts";
import { runSuite, type Variant } from "./exec/suite.ts";
import { makeBench } from "./exec/tools.ts";
import { builds } from "./exec/variants.ts";
import { skipUnless } from "../support/skip.ts";

const skip = skipExec();

test("the comparison sees nothing in env(1), and what a wrapper of a shell does", { skip }, async () => {
  const { bench, remove } = makeBench();
  const wrapper = (...prefix: readonly string[]): Variant => ({
    name: prefix[0] ?? "",
    runtime: "deno",
    way: { prefix, environ: [], own: [] },
  });
  const only = /^(nothing special|process substitution|environment: order|a child that runs)$/;
  try {
    const { scenarios, different } = await runSuite(bench, wrapper("/usr/bin/env", "--"), only);
    assert.deepEqual({ scenarios, different: [...different.keys()] }, { scenarios: 4, different: [] });
    const shell = await runSuite(bench, wrapper("/bin/sh", "-c", "trap '' USR1; \"$@\"", "sh"), only);
    const facts = (shell.different.get("nothing special") ?? []).map(({ fact }) => fact);
    const expected = ["process.parent", "signal.10.disposition", "/proc/self/status SigIgn:"];
    assert.deepEqual(expected.filter((fact) => !facts.includes(fact)), []);
  } finally {
    remove();
  }
});

// One test for each build: the same commands are started directly and through the program, and nothing else may differ than the
// variables that the program is there for. MLFLOW_AUTH_EXEC_ONLY runs the scenarios whose names match it.
for (const path of skip === false ? builds() : ["(none)"]) {
  test(`exec leaves nothing for a command to notice: ${path}`, { skip }, () => runFor(path));
}

// What root may do hides what a file of /proc does not let others; the whole suite runs as somebody else in tests/ground.
const [first] = skip === false ? builds() : [];
const isRoot = process.getuid?.() === 0;
test(
  "exec leaves nothing for a command to notice that runs as another user than root",
  {
    skip: skip || skipUnless(isRoot, "the suite runs as another user anyway"),
  },
  () =>
    runFor(first ?? "", {
      user: 65534,
      only: /^(nothing special|environment|descriptor|process sub|limit|a terminal$)/,
    }),
);
