import { test } from "node:test";
import { obstacle } from "../real/exec/obstacle.ts";
import { runFor } from "../real/exec/run_for.ts";
import { builds } from "../real/exec/variants.ts";
import { skipKeyring } from "../real/keyring/place.ts";

const why = obstacle();

for (const path of why === undefined ? builds() : ["(none)"]) {
  test(`exec with the cache on leaves nothing for a command to notice, in all of the suite: ${path}`, {
    skip: why ?? skipKeyring,
  }, () => runFor(path, { cached: true }));
}
