import { test } from "node:test";
import { skipExec } from "../real/exec/skip_exec.ts";
import { runFor } from "../real/exec/run_for.ts";
import { builds } from "../real/exec/variants.ts";
import { skipKeyring } from "../real/keyring/place.ts";

const why = skipExec();

for (const path of why === false ? builds() : ["(none)"]) {
  test(`exec with the cache on leaves nothing for a command to notice, in all of the suite: ${path}`, {
    skip: why || skipKeyring,
  }, () => runFor(path, { cached: true }));
}
