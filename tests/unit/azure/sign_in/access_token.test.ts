import assert from "node:assert/strict";
import { test } from "node:test";
import { cloudFor, readAccessToken } from "../../../../src/azure/sign_in/access_token.ts";
import { makeLog } from "../../../../src/core/log.ts";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { fakeHost } from "../../../support/host.ts";

test("readAccessToken() asks nobody where the authority belongs to another cloud", async () => {
  const env = {
    AZURE_CLOUD_ENVIRONMENT: "AzureChinaCloud",
    AZURE_AUTHORITY_HOST: "login.microsoftonline.us",
    AZURE_TENANT_ID: "contoso.com",
    AZURE_CLIENT_ID: "22222222-aaaa-4000-8000-000000000000",
    AZURE_CLIENT_SECRET: "canary",
  };
  const { settings } = readSettings({ env });
  const options = { settings, host: fakeHost({ env }), log: makeLog("ERROR", () => {}), network: {} };
  await assert.rejects(readAccessToken("api://mlflow.example/.default", options), { code: "setting-conflict" });
});

const clouds: readonly (readonly [env: Readonly<Record<string, string>>, cloud: string])[] = [
  [{}, "AzurePublicCloud"],
  [{ AZURE_CLOUD_ENVIRONMENT: "AzureChinaCloud" }, "AzureChinaCloud"],
  [{ AZURE_AUTHORITY_HOST: "https://login.partner.microsoftonline.cn/" }, "AzureChinaCloud"],
  [{ AZURE_AUTHORITY_HOST: "login.corp.example" }, "AzurePublicCloud"],
];

for (const [env, cloud] of clouds) {
  test(`cloudFor() takes ${cloud} by ${JSON.stringify(env)}`, () => {
    assert.equal(cloudFor(readSettings({ env }).settings).name, cloud);
  });
}
