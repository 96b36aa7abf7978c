import assert from "node:assert/strict";
import { test } from "node:test";
import { newId, tokenRequests } from "../../../../src/azure/sign_in/token_request.ts";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";

const TENANT = "11111111-aaaa-4000-8000-000000000000";
const authority = { url: "https://login.corp", host: "login.corp", custom: true };

const requestsOf = (env: Readonly<Record<string, string>>, enableCae = true) =>
  tokenRequests(readSettings({ env: { AZURE_TENANT_ID: TENANT, AZURE_CLIENT_ID: "c", ...env } }).settings, {
    authority,
    wanted: { scope: "https://vault.azure.net/.default", enableCae },
  });

test("tokenRequests() makes the request by which an application asks for a token", () => {
  const request = requestsOf({ AZURE_TENANT_ID: TENANT.toUpperCase() })?.({ client_secret: "ca&n=ry" }, "id-1");
  assert.deepEqual({ ...request, body: Object.fromEntries(new URLSearchParams(request?.body)) }, {
    method: "POST",
    url: `https://login.corp/${TENANT}/oauth2/v2.0/token?client-request-id=id-1`,
    headers: { "content-type": "application/x-www-form-urlencoded;charset=utf-8" },
    body: {
      client_id: "c",
      scope: "https://vault.azure.net/.default",
      grant_type: "client_credentials",
      "x-ms-lib-capability": "retry-after, h429",
      client_secret: "ca&n=ry",
      claims: '{"id_token":{"signin_state":{"essential":false},"login_hint":{"essential":false},' +
        '"tenant_region_sub_scope":{"essential":false}},"access_token":{"xms_cc":{"values":["cp1"]}}}',
    },
  });
});

test("tokenRequests() asks for no claims where the token may not end early", () => {
  const request = requestsOf({}, false)?.({ client_secret: "canary" }, "id-1");
  assert.equal(new URLSearchParams(request?.body).has("claims"), false);
});

test("tokenRequests() makes none where it is not known what MSAL asks first", () => {
  for (const env of [{ AZURE_TENANT_ID: "contoso.com" }, { AZURE_REGIONAL_AUTHORITY_NAME: "westeurope" }]) {
    assert.equal(requestsOf(env), undefined);
  }
});

test("newId() is a UUID of random digits", () => {
  const id = newId({ randomHex: () => crypto.randomUUID().replaceAll("-", "") });
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
});
