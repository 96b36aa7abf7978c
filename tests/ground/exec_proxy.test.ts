import { test } from "node:test";
import { obstacle } from "../real/exec/obstacle.ts";
import { runFor } from "../real/exec/run_for.ts";
import { builds } from "../real/exec/variants.ts";

const skip = obstacle();

for (const path of skip === undefined ? builds() : ["(none)"]) {
  test(
    `exec --proxy leaves nothing for a command to notice, in all of the suite: ${path}`,
    { skip: skip ?? false },
    () => runFor(path, { proxied: true }),
  );
}
