import "../support/guard.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { overlap, startAzure } from "../support/azure/start_azure.ts";
import { programBuilds } from "../support/builds.ts";
import { firstBuild, healthyEnv, runProgram } from "../support/run_program.ts";

const { skip } = firstBuild();

for (const build of programBuilds()) {
  test(`exec of the ${build.name} build makes three requests, two of them at once`, { skip: build.skip }, async () => {
    await using azure = await startAzure();
    // Both so slow that whichever arrives first is still open when the other one does, unless one waits for the other.
    for (const service of ["vault", "entra"] as const) {
      azure.world.faults.push({ kind: "delay", service, times: 1, ms: 2000 });
    }
    const { status, stderr } = await runProgram(["exec", "true"], { env: await healthyEnv(azure), build });
    assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
    const made = azure.requests.map(({ service, method, status }) => `${service} ${method} ${status}`);
    assert.deepEqual(made.slice(0, 2).sort(), ["entra POST 200", "vault GET 401"]);
    assert.deepEqual(made.slice(2), ["vault GET 200"]);
    assert.equal(overlap(azure.requests), 2);
    assert.deepEqual(azure.refused, []);
  });
}

for (const build of programBuilds()) {
  test(`doctor of the ${build.name} build makes the same three requests`, { skip: build.skip }, async () => {
    await using azure = await startAzure();
    const { status, stdout } = await runProgram(["doctor"], { env: await healthyEnv(azure), build });
    assert.equal(status, 0, stdout);
    const made = azure.requests.map(({ service, method, status }) => `${service} ${method} ${status}`);
    assert.deepEqual(made.sort(), ["entra POST 200", "vault GET 200", "vault GET 401"]);
  });
}

const refused: readonly (readonly [what: string, env: Readonly<Record<string, string>>, code: string])[] = [
  [
    "a foreign vault host",
    { MLFLOW_AZURE_KEY_VAULT_URL: "https://team.vault.azure.net.evil.example/" },
    "vault-untrusted",
  ],
  ["a plain-http vault", { MLFLOW_AZURE_KEY_VAULT_URL: "http://team.vault.azure.net/" }, "setting-invalid"],
  ["a plain-http vault on loopback", { MLFLOW_AZURE_KEY_VAULT_URL: "http://127.0.0.1:1/" }, "setting-invalid"],
  ["a managed HSM", { MLFLOW_AZURE_KEY_VAULT_URL: "https://team.managedhsm.azure.net/" }, "vault-unsupported"],
  ["a bad secret name", { MLFLOW_AZURE_SECRET_NAME: "ml_flow" }, "setting-invalid"],
  ["a secret name that leads elsewhere", { MLFLOW_AZURE_SECRET_NAME: "../keys/x" }, "setting-invalid"],
  ["a bad secret version", { MLFLOW_AZURE_SECRET_VERSION: "newest" }, "setting-invalid"],
  [
    "a tracking host that is not allowed",
    { MLFLOW_TRACKING_URI: "https://evil.example", MLFLOW_SECRETS_ALLOWED_HOSTS: "mlflow.corp" },
    "host-not-allowed",
  ],
  ["a provider that is switched off", { MLFLOW_SECRETS_AUTH_ENABLE_AZURE_KEY_VAULT: "false" }, "disabled"],
  ["half an identity", { AZURE_TENANT_ID: "" }, "identity-incomplete"],
  ["a setting of the wrong form", { MLFLOW_AZURE_AUTH_MODE: "baerer" }, "setting-invalid"],
];

test("exec makes no request at all, and starts nothing, for what can be refused without one", { skip }, async () => {
  await using azure = await startAzure();
  const healthy = await healthyEnv(azure);
  for (const [what, env, code] of refused) {
    const { status, stdout, stderr } = await runProgram(["exec", "echo", "started"], { env: { ...healthy, ...env } });
    const said = /docs\/errors\.md#([\w-]+)/.exec(stderr)?.[1];
    assert.deepEqual({ status, stdout, said }, { status: 125, stdout: "", said: code }, `${what}: ${stderr}`);
  }
  assert.deepEqual({ requests: azure.requests, refused: azure.refused }, { requests: [], refused: [] });
});
