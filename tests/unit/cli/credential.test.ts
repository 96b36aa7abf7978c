import assert from "node:assert/strict";
import { test } from "node:test";
import { obtainCredential } from "../../../src/cli/credential.ts";
import { openSession } from "../../../src/cli/session.ts";
import { fakeHost } from "../../support/host.ts";

test("obtainCredential() refuses before it asks anybody", async () => {
  const envs: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
    [{}, "setting-missing"],
    [{ MLFLOW_AZURE_TTL_SEC: "0" }, "setting-invalid"],
    [{ MLFLOW_SECRETS_AUTH_ENABLE: "vault" }, "disabled"],
    [{ MLFLOW_SECRETS_ALLOWED_HOSTS: "a", MLFLOW_TRACKING_URI: "https://b" }, "host-not-allowed"],
    [{ MLFLOW_AZURE_KEY_VAULT_URL: "https://evil.example", MLFLOW_AZURE_SECRET_NAME: "x" }, "vault-untrusted"],
    [{ MLFLOW_AZURE_KEY_VAULT_URL: "http://team.vault.azure.net", MLFLOW_AZURE_SECRET_NAME: "x" }, "setting-invalid"],
  ];
  for (const [env, code] of envs) {
    const session = await openSession(fakeHost({ env }), { envFiles: [], flags: {} });
    await assert.rejects(obtainCredential(session, false), { code }, JSON.stringify(env));
  }
});

test("obtainCredential() warns of an address that clients cannot use, with the corrected line", async () => {
  const env = { MLFLOW_TRACKING_URI: "https://ada:pw@mlflow.example/#/experiments/0" };
  const host = fakeHost({ env });
  const session = await openSession(host, { envFiles: [], flags: {} });
  await assert.rejects(obtainCredential(session, false), { code: "setting-missing" });
  const vault = { MLFLOW_AZURE_KEY_VAULT_URL: "https://evil.example", MLFLOW_AZURE_SECRET_NAME: "x" };
  const world = fakeHost({ env: { ...env, ...vault } });
  await assert.rejects(obtainCredential(await openSession(world, { envFiles: [], flags: {} }), false));
  assert.equal(
    world.stderr.text(),
    'mlflow-auth: warning: MLflow\'s clients cannot use "MLFLOW_TRACKING_URI": it holds a #, behind which clients put the path of each request; ' +
      "export MLFLOW_TRACKING_URI=https://mlflow.example\n",
  );
});
