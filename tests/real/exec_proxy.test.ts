import { test } from "node:test";
import { skipExec } from "./exec/skip_exec.ts";
import { runFor } from "./exec/run_for.ts";
import { builds } from "./exec/variants.ts";

const skip = skipExec();

/** What a process beside the command could show in; the whole suite runs with a proxy in tests/ground. */
const BESIDE = /^(nothing special|signal|adopts|Ctrl|process sub|a terminal$)/;

// The same commands as in exec.test.ts, with a proxy beside them: they must not notice that either.
for (const path of skip === false ? builds() : ["(none)"]) {
  test(
    `exec --proxy leaves nothing for a command to notice: ${path}`,
    { skip },
    () => runFor(path, { proxied: true, only: BESIDE }),
  );
}
