import assert from "node:assert/strict";
import { test } from "node:test";
import { AuthError } from "../../../../src/core/errors.ts";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { CLOUDS } from "../../../../src/azure/entra/clouds.ts";
import { locateVault } from "../../../../src/azure/vault/vault.ts";

const [PUBLIC, GOVERNMENT, CHINA] = CLOUDS;
const locate = (env: Readonly<Record<string, string>>) =>
  locateVault(readSettings({ env: { MLFLOW_AZURE_SECRET_NAME: "mlflow", ...env } }).settings);

const places = [
  { url: "https://team.vault.azure.net/", host: "team.vault.azure.net", cloud: PUBLIC },
  { url: "https://TEAM.vault.azure.net", host: "team.vault.azure.net", cloud: PUBLIC },
  { url: "https://team-1.vault.azure.net:8443", host: "team-1.vault.azure.net:8443", cloud: PUBLIC },
  { url: "https://team.vault.usgovcloudapi.net", host: "team.vault.usgovcloudapi.net", cloud: GOVERNMENT },
  { url: "https://team.vault.azure.cn", host: "team.vault.azure.cn", cloud: CHINA },
];
for (const { url, host, cloud } of places) {
  test(`locateVault() finds the cloud of ${url} by its suffix`, () => {
    assert.deepEqual(locate({ MLFLOW_AZURE_KEY_VAULT_URL: url }), {
      origin: `https://${host}`,
      host,
      name: "mlflow",
      version: undefined,
      cloud,
      scope: cloud.scope,
      trusted: false,
    });
  });
}

test("locateVault() trusts a loopback host, and takes its cloud from the setting", () => {
  const env = { MLFLOW_AZURE_KEY_VAULT_URL: "https://127.0.0.1:8443", AZURE_CLOUD_ENVIRONMENT: "AzureChinaCloud" };
  const { origin, cloud, scope, trusted } = locate(env);
  assert.deepEqual({ origin, cloud, scope, trusted }, {
    origin: "https://127.0.0.1:8443",
    cloud: CHINA,
    scope: "https://vault.azure.cn/.default",
    trusted: true,
  });
});

test("locateVault() trusts a listed host, whatever its case and with or without its port", () => {
  for (const listed of ["vault.corp", "VAULT.corp:8443", "other.corp, vault.corp"]) {
    const env = { MLFLOW_AZURE_KEY_VAULT_URL: "https://vault.corp:8443", MLFLOW_AZURE_TRUSTED_VAULT_HOSTS: listed };
    assert.equal(locate(env).trusted, true, listed);
  }
});

const misspelt = [
  ["https://team.vault.azure.ney/secrets/mlflow", "https://team.vault.azure.net/secrets/mlflow"],
  ["https://team.valut.azure.net", "https://team.vault.azure.net/"],
  ["https://team.vault.azure.com", "https://team.vault.azure.net/"],
  ["https://team.vaultazure.net", "https://team.vault.azure.net/"],
  ["https://team-vault.azure.net", "https://team-vault.vault.azure.net/"],
  ["https://team.vault.azure.net.", "https://team.vault.azure.net/"],
  ["https://team.vault.usgovcloudapi.ne", "https://team.vault.usgovcloudapi.net/"],
  ["https://team.vault.azure.ne/a;b", "https://team.vault.azure.net/"],
] as const;
for (const [url, meant] of misspelt) {
  test(`locateVault() offers no trust to ${url}, but ${meant}`, () => {
    assert.throws(() => locate({ MLFLOW_AZURE_KEY_VAULT_URL: url }), {
      code: "vault-untrusted",
      remedy: `export MLFLOW_AZURE_KEY_VAULT_URL=${meant}`,
    });
  });
}

for (const host of ["example.org", "vault.azure.net", "team.vault.azure.net.example.org", "vault.corp", "10.0.0.1"]) {
  test(`locateVault() takes ${host} for nobody's misspelt vault`, () => {
    assert.throws(() => locate({ MLFLOW_AZURE_KEY_VAULT_URL: `https://${host}` }), {
      code: "vault-untrusted",
      remedy: `check the vault's name, or trust this host: export MLFLOW_AZURE_TRUSTED_VAULT_HOSTS=${host}`,
    });
  });
}

const refused: readonly (readonly [code: AuthError["code"], env: Readonly<Record<string, string>>])[] = [
  ["setting-missing", {}],
  ["vault-untrusted", { MLFLOW_AZURE_KEY_VAULT_URL: "https://team.vault.azure.net.example.org" }],
  ["vault-untrusted", { MLFLOW_AZURE_KEY_VAULT_URL: "https://teamvault.azure.net" }],
  ["vault-untrusted", { MLFLOW_AZURE_KEY_VAULT_URL: "https://vault.azure.net" }],
  ["vault-untrusted", { MLFLOW_AZURE_KEY_VAULT_URL: "https://team.vault.azure.net." }],
  ["vault-untrusted", { MLFLOW_AZURE_KEY_VAULT_URL: "https://example.org" }],
  ["vault-untrusted", {
    MLFLOW_AZURE_KEY_VAULT_URL: "https://v.corp",
    MLFLOW_AZURE_TRUSTED_VAULT_HOSTS: "v.corp:8443",
  }],
  ["vault-unsupported", { MLFLOW_AZURE_KEY_VAULT_URL: "https://keys.managedhsm.azure.net" }],
  ["vault-unsupported", { MLFLOW_AZURE_KEY_VAULT_URL: "https://team.vault.microsoftazure.de" }],
  ["setting-invalid", { MLFLOW_AZURE_KEY_VAULT_URL: "http://team.vault.azure.net" }],
  ["setting-invalid", { MLFLOW_AZURE_KEY_VAULT_URL: "http://127.0.0.1:8443" }],
  ["setting-invalid", { MLFLOW_AZURE_KEY_VAULT_URL: "https://me:canary@team.vault.azure.net" }],
  ["setting-invalid", { MLFLOW_AZURE_KEY_VAULT_URL: "https://team.vault.azure.net/?sig=canary" }],
  ["setting-invalid", { MLFLOW_AZURE_KEY_VAULT_URL: "https://te--am.vault.azure.net" }],
  ["setting-invalid", { MLFLOW_AZURE_KEY_VAULT_URL: "https://a.b.vault.azure.net" }],
  ["setting-conflict", {
    MLFLOW_AZURE_KEY_VAULT_URL: "https://team.vault.azure.cn",
    AZURE_CLOUD_ENVIRONMENT: "AzurePublicCloud",
  }],
];
for (const [code, env] of refused) {
  test(`locateVault() refuses ${JSON.stringify(env)}`, () => {
    assert.throws(() => locate(env), (error) => {
      assert.ok(error instanceof AuthError);
      assert.equal(error.code, code);
      assert.doesNotMatch(`${error.message} ${error.remedy}`, /canary/);
      return true;
    });
  });
}
