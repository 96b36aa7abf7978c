import assert from "node:assert/strict";
import { test } from "node:test";
import { makeLog } from "../../../../src/core/log.ts";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { settings } from "../../../../src/doctor/checks/settings.ts";
import { makeSubject } from "../../../../src/doctor/subject.ts";
import { fakeHost } from "../../../support/host.ts";

const VAULT = { MLFLOW_AZURE_KEY_VAULT_URL: "https://team.vault.azure.net", MLFLOW_AZURE_SECRET_NAME: "mlflow" };

const said = async (env: Readonly<Record<string, string>>) => {
  const log = makeLog("ERROR", () => {});
  const notes = await settings.run(makeSubject({ ...readSettings({ env }), host: fakeHost({ env }), log }));
  return notes.map(({ status, code, message }) => `${status} ${code ?? message}`);
};

test("settings tells the secret and where the vault's name came from", async () => {
  assert.deepEqual(await said(VAULT), [
    'ok secret "mlflow", version latest, in vault "team.vault.azure.net" (environment MLFLOW_AZURE_KEY_VAULT_URL), ' +
    "cloud AzurePublicCloud",
  ]);
});

for (
  const [name, env, code] of [
    ["a missing vault", { MLFLOW_AZURE_SECRET_NAME: "mlflow" }, "setting-missing"],
    ["a missing secret name", { ...VAULT, MLFLOW_AZURE_SECRET_NAME: "" }, "setting-missing"],
    [
      "a host that may see no token",
      { ...VAULT, MLFLOW_AZURE_KEY_VAULT_URL: "https://vault.example" },
      "vault-untrusted",
    ],
    ["a vault without TLS", { ...VAULT, MLFLOW_AZURE_KEY_VAULT_URL: "http://team.vault.azure.net" }, "setting-invalid"],
    [
      "a managed HSM",
      { ...VAULT, MLFLOW_AZURE_KEY_VAULT_URL: "https://team.managedhsm.azure.net" },
      "vault-unsupported",
    ],
    ["another cloud", { ...VAULT, AZURE_CLOUD_ENVIRONMENT: "AzureChinaCloud" }, "setting-conflict"],
    [
      "the authority of another cloud",
      { ...VAULT, AZURE_AUTHORITY_HOST: "https://login.microsoftonline.us" },
      "setting-conflict",
    ],
    ["another provider", { ...VAULT, MLFLOW_SECRETS_AUTH_ENABLE: "vault" }, "disabled"],
  ] as const
) {
  test(`settings fails on ${name}`, async () => assert.deepEqual(await said(env), [`fail ${code}`]));
}

test("settings tells all at once", async () => {
  const env = { ...VAULT, MLFLOW_AZURE_TTL_SEC: "5m", MLFLOW_AZURE_AUTH_MODE: "baerer" };
  assert.deepEqual(await said(env), ["fail setting-invalid", "fail setting-invalid"]);
});

test("settings warns of a second vault, which loses", async () => {
  const notes = await said({ ...VAULT, AZURE_KEY_VAULT_URL: "https://other.vault.azure.net" });
  assert.equal(notes[1], "warn setting-conflict");
  assert.equal((await said({ ...VAULT, AZURE_KEY_VAULT_URL: "https://TEAM.vault.azure.net/" })).length, 1);
});

test("settings tells both of who has set neither vault nor secret", async () => {
  assert.deepEqual(await said({}), ["fail setting-missing", "fail setting-missing"]);
});
