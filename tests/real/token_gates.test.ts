import "../support/guard.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { type Azure, startAzure } from "../support/azure/start_azure.ts";
import { IDS, makeSigningKeys } from "../support/azure/world.ts";
import { type MlflowOidcAuth, startMlflowOidcAuth } from "../support/gates/mlflow_oidc_auth.ts";
import { pythonWith } from "../support/python.ts";
import { firstBuild } from "../support/run_program.ts";
import { skipUnless } from "../support/skip.ts";

// A real MLflow server that takes Entra ID's tokens: the program gets one for its application, and a training logs with it.

const { command, skip } = firstBuild();
const hasPython = await pythonWith("mlflow_oidc_auth", [3, 12]).then(() => true, () => false);
const isSkipped = skip || skipUnless(hasPython, "no Python 3.12 with mlflow-oidc-auth");
const TRAIN = fileURLToPath(new URL("training/train.py", import.meta.url));
const SCOPE = `api://${IDS.api}/.default`;

type Env = Readonly<Record<string, string>>;

/** Entra ID, and a server that asks it who somebody is. */
async function startGate(): Promise<{ readonly azure: Azure; readonly server: MlflowOidcAuth } & AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const azure = stack.use(await startAzure({ keys: await makeSigningKeys(2048) }));
  const provider = {
    issuer: `${azure.origins.tls}/${IDS.tenants.public}/v2.0`,
    clientId: IDS.api,
    clientSecret: "oidc-client-canary",
  };
  // An application has no email: its object id is its name.
  const trust = {
    REQUESTS_CA_BUNDLE: azure.caPath,
    SSL_CERT_FILE: azure.caPath,
    OIDC_USERNAME_FIELD: "email,preferred_username,oid",
  };
  const groups = {
    DEFAULT_MLFLOW_PERMISSION: "MANAGE",
    OIDC_GROUPS_ATTRIBUTE: "roles",
    OIDC_GROUP_NAME: "Tracking.Write",
  };
  const server = stack.use(await startMlflowOidcAuth(provider, { audience: IDS.api, env: { ...trust, ...groups } }));
  const kept = stack.move();
  return { azure, server, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

async function run(
  azure: Azure,
  server: MlflowOidcAuth,
  { args, env = {} }: { readonly args: readonly string[]; readonly env?: Env },
) {
  const { MLFLOW_AZURE_KEY_VAULT_URL: _, ...direct } = azure.direct;
  const [program = "", ...words] = command;
  const output = await new Deno.Command(program, {
    args: [...words, ...args],
    cwd: azure.folder,
    clearEnv: true,
    env: {
      PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
      HOME: azure.folder,
      ...direct,
      ...await azure.identity("client-secret"),
      MLFLOW_AZURE_TOKEN_SCOPE: SCOPE,
      MLFLOW_TRACKING_URI: server.url,
      MLFLOW_DISABLE_TELEMETRY: "true",
      ...env,
    },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  return { status: output.code, stdout: text(output.stdout), stderr: text(output.stderr) };
}

test(
  "a training logs to a server that takes Entra ID's tokens, and doctor tells why it could not",
  { skip: isSkipped },
  async () => {
    await using gate = await startGate();
    const { azure, server } = gate;
    const python = await pythonWith("mlflow");
    const trained = await run(azure, server, { args: ["exec", "--", python, TRAIN] });
    assert.equal(trained.status, 0, trained.stderr.slice(-500) + server.output().slice(-2000));
    const [, id = ""] = /^RUN_ID=(\w+)$/m.exec(trained.stdout) ?? [];
    const script = "import mlflow, os, sys; client = mlflow.MlflowClient(); run = client.get_run(sys.argv[1]); " +
      "print(run.info.status, run.data.params, run.data.metrics, [file.path for file in client.list_artifacts(sys.argv[1])])";
    const read = await run(azure, server, { args: ["exec", "--", python, "-c", script, id] });
    assert.match(read.stdout, /^FINISHED \{'lr': '0.1'\} \{'loss': 0.33+\} \['model.txt'\]$/m, read.stderr);

    const healthy = await run(azure, server, { args: ["doctor"] });
    assert.equal(healthy.status, 0, healthy.stdout + healthy.stderr);
    const [tenant] = azure.world.tenants;
    const other = {
      appId: "f2f2f2f2-cccc-4ccc-8ccc-f2f2f2f2f2f2",
      uris: ["api://other"],
      roles: new Map(),
      assignmentRequired: false,
    };
    tenant?.apis.push({ ...other, tokenVersion: 2 });
    const foreign = await run(azure, server, {
      args: ["doctor", "--json"],
      env: { MLFLOW_AZURE_TOKEN_SCOPE: "api://other" },
    });
    assert.equal(foreign.status, 1);
    const finding = JSON.parse(foreign.stdout).findings.find(({ status }: { status: string }) => status === "fail");
    assert.deepEqual([finding.check, finding.code], ["sign-in", "mlflow-rejected"]);
    assert.match(
      finding.message,
      new RegExp(`refuses the identity's token .*: its audience is ${other.appId}, its version 2.0`),
    );
    azure.world.tokenLifetimeSec = -60;
    const expired = await run(azure, server, { args: ["doctor"] });
    assert.equal(expired.status, 1);
  },
);
