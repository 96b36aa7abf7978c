import { test } from "node:test";
import { skipExec } from "../real/exec/skip_exec.ts";
import { runFor } from "../real/exec/run_for.ts";
import { builds } from "../real/exec/variants.ts";

const skip = skipExec();

for (const path of skip === false ? builds() : ["(none)"]) {
  test(
    `exec --proxy leaves nothing for a command to notice, in all of the suite: ${path}`,
    { skip },
    () => runFor(path, { proxied: true }),
  );
}
