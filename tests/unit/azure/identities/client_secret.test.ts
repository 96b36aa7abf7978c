import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { clientSecret } from "../../../../src/azure/identities/client_secret.ts";
import { fakeHost } from "../../../support/host.ts";

const ALL = { AZURE_TENANT_ID: "contoso.com", AZURE_CLIENT_ID: "c", AZURE_CLIENT_SECRET: "canary" };
const detect = (env: Readonly<Record<string, string>>) =>
  clientSecret.detect({ settings: readSettings({ env }).settings, host: fakeHost() });

test("clientSecret is configured by its secret, and needs tenant and client id", async () => {
  assert.deepEqual(await detect(ALL), { is: "configured", reason: "AZURE_CLIENT_SECRET is set" });
  assert.deepEqual(await detect({ AZURE_TENANT_ID: "contoso.com" }), {
    is: "absent",
    reason: "AZURE_CLIENT_SECRET is not set",
  });
  await assert.rejects(detect({ AZURE_CLIENT_SECRET: "canary" }), {
    code: "identity-incomplete",
    message: 'Cannot use "service principal with a client secret": AZURE_TENANT_ID and AZURE_CLIENT_ID are not set',
  });
});
