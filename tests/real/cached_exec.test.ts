import { test } from "node:test";
import { obstacle } from "./exec/obstacle.ts";
import { runFor } from "./exec/run_for.ts";
import { builds } from "./exec/variants.ts";
import { skipKeyring } from "./keyring/place.ts";

const why = obstacle();

// The whole suite runs with the cache on in tests/ground.
for (const path of why === undefined ? builds() : ["(none)"]) {
  test(
    `exec with the cache on leaves nothing for a command to notice: ${path}`,
    { skip: why ?? skipKeyring },
    () =>
      runFor(path, { cached: true, only: /^(nothing special|environment|descriptor|process sub|limit|a terminal$)/ }),
  );
}
