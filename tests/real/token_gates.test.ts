import "../support/guard.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEntraGate } from "../support/gates/entra_gate.ts";
import { pythonWith, tryPython } from "../support/python.ts";
import { firstBuild } from "../support/run_program.ts";
import { skipIfError } from "../support/skip.ts";

// A real MLflow server that takes Entra ID's tokens: the program gets one for its application, and a training logs with it.

const { skip } = firstBuild();
const isSkipped = skip || skipIfError(await tryPython("mlflow_oidc_auth", [3, 12]));
const TRAIN = fileURLToPath(new URL("training/train.py", import.meta.url));

test(
  "a training logs to a server that takes Entra ID's tokens, and doctor tells why it could not",
  { skip: isSkipped },
  async () => {
    await using gate = await startEntraGate();
    const { azure, server, run } = gate;
    const python = await pythonWith("mlflow");
    const trained = await run(["exec", "--", python, TRAIN]);
    assert.equal(trained.status, 0, trained.stderr.slice(-500) + server.output().slice(-2000));
    const [, id = ""] = /^RUN_ID=(\w+)$/m.exec(trained.stdout) ?? [];
    const script = "import mlflow, os, sys; client = mlflow.MlflowClient(); run = client.get_run(sys.argv[1]); " +
      "print(run.info.status, run.data.params, run.data.metrics, [file.path for file in client.list_artifacts(sys.argv[1])])";
    const read = await run(["exec", "--", python, "-c", script, id]);
    assert.match(read.stdout, /^FINISHED \{'lr': '0.1'\} \{'loss': 0.33+\} \['model.txt'\]$/m, read.stderr);

    const healthy = await run(["doctor"]);
    assert.equal(healthy.status, 0, healthy.stdout + healthy.stderr);
    const [tenant] = azure.world.tenants;
    const other = {
      appId: "f2f2f2f2-cccc-4ccc-8ccc-f2f2f2f2f2f2",
      uris: ["api://other"],
      roles: new Map(),
      assignmentRequired: false,
    };
    tenant?.apis.push({ ...other, tokenVersion: 2 });
    const foreign = await run(["doctor", "--json"], { MLFLOW_AZURE_TOKEN_SCOPE: "api://other" });
    assert.equal(foreign.status, 1);
    const finding = JSON.parse(foreign.stdout).findings.find(({ status }: { status: string }) => status === "fail");
    assert.deepEqual([finding.check, finding.code], ["sign-in", "mlflow-rejected"]);
    assert.match(
      finding.message,
      new RegExp(`refuses the identity's token .*: its audience is ${other.appId}, its version 2.0`),
    );
    azure.world.tokenLifetimeSec = -60;
    const expired = await run(["doctor"]);
    assert.equal(expired.status, 1);
  },
);
