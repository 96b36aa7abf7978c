import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { locateVault } from "../../../../src/azure/vault/vault.ts";

const VERSION = "0123456789abcdef0123456789abcdef";
const GROUP = "subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/ml/providers/Microsoft.KeyVault";
const PORTAL = "https://portal.azure.com/#@contoso.onmicrosoft.com";

/** What people have at hand, and which secret of which vault it is. */
const AT_HAND = [
  ["team", "team.vault.azure.net/mlflow"],
  ["Team", "team.vault.azure.net/mlflow"],
  ["team.vault.azure.net", "team.vault.azure.net/mlflow"],
  ["team.vault.azure.net/", "team.vault.azure.net/mlflow"],
  ["team.vault.azure.net/secrets/other", "team.vault.azure.net/other"],
  ["https://team.vault.azure.net:443/", "team.vault.azure.net/mlflow"],
  ["https://team.privatelink.vaultcore.azure.net/", "team.vault.azure.net/mlflow"],
  ["team.privatelink.vaultcore.azure.net", "team.vault.azure.net/mlflow"],
  ["https://team.privatelink.vaultcore.usgovcloudapi.net", "team.vault.usgovcloudapi.net/mlflow"],
  [`/${GROUP}/vaults/team`, "team.vault.azure.net/mlflow"],
  [`/${GROUP}/vaults/team/secrets/other`, "team.vault.azure.net/other"],
  [`${PORTAL}/resource/${GROUP}/vaults/team/overview`, "team.vault.azure.net/mlflow"],
  [`https://portal.azure.us/#@contoso/resource/${GROUP}/vaults/team/secrets`, "team.vault.usgovcloudapi.net/mlflow"],
  [
    `${PORTAL}/asset/Microsoft_Azure_KeyVault/Secret/https://team.vault.azure.net/secrets/other/${VERSION}`,
    `team.vault.azure.net/other/${VERSION}`,
  ],
  [
    `${PORTAL}/asset/Microsoft_Azure_KeyVault/Secret/https%3A%2F%2Fteam.vault.azure.net%2Fsecrets%2Fother`,
    "team.vault.azure.net/other",
  ],
  [`https://portal.azure.com/?l=en#@x/resource/${GROUP}/vaults/team`, "team.vault.azure.net/mlflow"],
  [`https://portal.azure.com/#view/Blade/100%/id/${GROUP}/vaults/team`, "team.vault.azure.net/mlflow"],
  [
    `https://portal.azure.com/#view/Blade/vaultResourceUri/${encodeURIComponent(`/${GROUP}/vaults/team`)}`,
    "team.vault.azure.net/mlflow",
  ],
  [`https://management.azure.com/${GROUP}/vaults/team?api-version=2023-07-01`, "team.vault.azure.net/mlflow"],
  [`https://management.chinacloudapi.cn/${GROUP}/vaults/team/secrets/other`, "team.vault.azure.cn/other"],
  ["@Microsoft.KeyVault(SecretUri=https://team.vault.azure.net/secrets/other/)", "team.vault.azure.net/other"],
  [
    `@Microsoft.KeyVault(SecretUri=https://team.vault.azure.net/secrets/other/${VERSION})`,
    `team.vault.azure.net/other/${VERSION}`,
  ],
  ["@Microsoft.KeyVault(VaultName=team;SecretName=other)", "team.vault.azure.net/other"],
  [
    `@Microsoft.KeyVault(VaultName=team; SecretName=other; SecretVersion=${VERSION})`,
    `team.vault.azure.net/other/${VERSION}`,
  ],
] as const;

for (const [text, place] of AT_HAND) {
  test(`locateVault() takes ${text}`, () => {
    const own = place.includes("/mlflow");
    const { settings, problems } = readSettings({
      env: { MLFLOW_AZURE_KEY_VAULT_URL: text, ...(own ? { MLFLOW_AZURE_SECRET_NAME: "mlflow" } : {}) },
    });
    assert.deepEqual(problems, []);
    const { host, name, version } = locateVault(settings);
    assert.equal([host, name, ...(version === undefined ? [] : [version])].join("/"), place);
  });
}

test("locateVault() completes a vault's name with the suffix of the cloud that is set", () => {
  const { settings } = readSettings({
    env: {
      MLFLOW_AZURE_KEY_VAULT_URL: "team",
      MLFLOW_AZURE_SECRET_NAME: "a",
      AZURE_CLOUD_ENVIRONMENT: "AzureChinaCloud",
    },
  });
  assert.equal(locateVault(settings).host, "team.vault.azure.cn");
});

/** What is no vault, and what is said of it. */
const REFUSED = [
  ["ab", "vault-untrusted"],
  ["my_vault", "vault-untrusted"],
  ["vault.example", "vault-untrusted"],
  ["team.vault.azure.net.evil.example", "vault-untrusted"],
  ["https://evil.example/#team.vault.azure.net", "setting-invalid"],
  [
    "https://portal.azure.com.evil.example/#@x/resource/subscriptions/1/providers/Microsoft.KeyVault/vaults/team",
    "setting-invalid",
  ],
  ["@Microsoft.KeyVault(SecretUri=https://evil.example/secrets/a)", "vault-untrusted"],
  ["https://portal.azure.com", "setting-invalid"],
  ["https://portal.azure.com/#home", "setting-invalid"],
  ["https://portal.azure.com/#%E0%A4%A", "setting-invalid"],
  ["@Microsoft.KeyVault()", "setting-invalid"],
  ["http://team.vault.azure.net", "setting-invalid"],
  ["https://${VAULT}.vault.azure.net", "setting-invalid"],
  ["https://__VAULT__.vault.azure.net", "setting-invalid"],
  ["https://<name>.vault.azure.net", "setting-invalid"],
] as const;

for (const [text, code] of REFUSED) {
  test(`locateVault() refuses ${text}`, () => {
    const { settings, problems } = readSettings({
      env: { MLFLOW_AZURE_KEY_VAULT_URL: text, MLFLOW_AZURE_SECRET_NAME: "mlflow" },
    });
    if (problems[0] !== undefined) return assert.equal(problems[0].code, code);
    assert.throws(() => locateVault(settings), { code });
  });
}

test("readSettings() says of an address of the portal that names no vault that it is one, and offers no trust in it", () => {
  const { problems } = readSettings({ env: { MLFLOW_AZURE_KEY_VAULT_URL: "https://portal.azure.com/#home" } });
  assert.deepEqual(problems.map(({ message, remedy }) => ({ message, remedy })), [{
    message: 'Cannot use "MLFLOW_AZURE_KEY_VAULT_URL": it is an address of portal.azure.com that names no vault',
    remedy: "correct MLFLOW_AZURE_KEY_VAULT_URL (Vault, https://NAME.vault.azure.net/, or a full secret identifier)",
  }]);
});
