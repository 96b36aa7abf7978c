import "../support/guard.ts";
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { startEntraGate } from "../support/gates/entra_gate.ts";
import { pythonWith } from "../support/python.ts";
import { firstBuild } from "../support/run_program.ts";
import { skipUnless } from "../support/skip.ts";

// A run that outlives its access tokens five times over.

const { skip } = firstBuild();
const hasPython = await pythonWith("mlflow_oidc_auth", [3, 12]).then(() => true, () => false);
const isSkipped = skip || skipUnless(hasPython, "no Python 3.12 with mlflow-oidc-auth");

const LONG = `
import sys, time, mlflow
with mlflow.start_run() as run:
    end = time.time() + float(sys.argv[1])
    step = 0
    while time.time() < end:
        mlflow.log_metric("loss", step, step=step)
        step += 1
        time.sleep(2)
    mlflow.log_text("weights", "model.txt")
history = mlflow.MlflowClient().get_metric_history(run.info.run_id, "loss")
print("LOGGED", step, len(history))
`;

test("a run of five minutes with tokens of a minute loses nothing behind the proxy, and fails without it", {
  skip: isSkipped,
}, async () => {
  await using gate = await startEntraGate();
  const { azure, run } = gate;
  azure.world.tokenLifetimeSec = 60;
  const python = await pythonWith("mlflow");
  const script = join(azure.folder, "long.py");
  await writeFile(script, LONG);
  const kept = await run(["exec", "--proxy", "--", python, script, "300"]);
  assert.equal(kept.status, 0, kept.stderr.slice(-1000));
  const [, sent = "", stored] = /^LOGGED (\d+) (\d+)$/m.exec(kept.stdout) ?? [];
  assert.ok(Number(sent) > 50, kept.stdout);
  assert.equal(stored, sent);
  assert.ok(azure.world.issued.length >= 5, `${azure.world.issued.length} tokens were issued`);
  const lost = await run(["exec", "--", python, script, "150"]);
  assert.notEqual(lost.status, 0, lost.stdout);
});
