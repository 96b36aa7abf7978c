import { test } from "node:test";
import { skipExec } from "./exec/skip_exec.ts";
import { runFor } from "./exec/run_for.ts";
import { builds } from "./exec/variants.ts";
import { skipKeyring } from "./keyring/place.ts";

const why = skipExec();

// The whole suite runs with the cache on in tests/ground.
for (const path of why === false ? builds() : ["(none)"]) {
  test(
    `exec with the cache on leaves nothing for a command to notice: ${path}`,
    { skip: why || skipKeyring },
    () =>
      runFor(path, { cached: true, only: /^(nothing special|environment|descriptor|process sub|limit|a terminal$)/ }),
  );
}
