import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { clientOptions } from "../../../../src/azure/sign_in/client_options.ts";

const httpClient = { sendRequest: () => Promise.reject(new Error("not sent")) };
const options = (tenant: string, custom: boolean) =>
  clientOptions(readSettings({ env: { AZURE_TENANT_ID: tenant } }).settings, {
    authority: { url: "https://login.corp", host: "login.corp", custom },
    httpClient,
  });

test("clientOptions() asks nobody about a custom authority, and takes a tenant by its id alone", () => {
  assert.deepEqual(options("11111111-aaaa-4000-8000-000000000000", true), {
    authorityHost: "https://login.corp",
    httpClient,
    retryOptions: { maxRetries: 0 },
    disableInstanceDiscovery: true,
    additionallyAllowedTenants: [],
  });
});

test("clientOptions() lets the vault name its tenant where one is set by its domain", () => {
  const { disableInstanceDiscovery, additionallyAllowedTenants } = options("contoso.com", false);
  assert.deepEqual({ disableInstanceDiscovery, additionallyAllowedTenants }, {
    disableInstanceDiscovery: false,
    additionallyAllowedTenants: ["*"],
  });
});
