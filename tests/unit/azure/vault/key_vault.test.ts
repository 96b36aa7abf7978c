import assert from "node:assert/strict";
import { test } from "node:test";
import { makeLog } from "../../../../src/core/log.ts";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { readSecret } from "../../../../src/azure/vault/key_vault.ts";
import { locateVault } from "../../../../src/azure/vault/vault.ts";
import { fakeHost } from "../../../support/host.ts";

const VAULT = { MLFLOW_AZURE_KEY_VAULT_URL: "https://team.vault.azure.net", MLFLOW_AZURE_SECRET_NAME: "mlflow" };

function read(env: Readonly<Record<string, string>>) {
  const { settings } = readSettings({ env: { ...VAULT, ...env } });
  const asked: string[] = [];
  const fetch = ({ url }: Request): Promise<never> => {
    asked.push(url);
    return Promise.reject(new Error("not sent"));
  };
  const host = fakeHost({ env, fetch });
  const log = makeLog("ERROR", () => {});
  return { asked, secret: readSecret(locateVault(settings), { settings, host, log, network: {} }) };
}

test("readSecret() asks nobody where no identity can be chosen", async () => {
  const { asked, secret } = read({ AZURE_CLIENT_SECRET: "canary" });
  await assert.rejects(secret, { code: "identity-incomplete" });
  assert.deepEqual(asked, []);
});

test("readSecret() asks nobody where the authority is not one", async () => {
  const principal = { AZURE_TENANT_ID: "contoso.com", AZURE_CLIENT_ID: "c", AZURE_CLIENT_SECRET: "canary" };
  const { asked, secret } = read({ ...principal, AZURE_AUTHORITY_HOST: "http://login.corp" });
  await assert.rejects(secret, { code: "setting-invalid" });
  assert.deepEqual(asked, []);
});
