import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { tenantOf } from "../../../../src/azure/sign_in/tenant.ts";

test("tenantOf() writes an id in lower case and leaves a domain alone", () => {
  const tenants = [" 11111111-AAAA-4000-8000-000000000000", "Contoso.onmicrosoft.com", undefined].map((tenant) =>
    tenantOf(readSettings({ env: tenant === undefined ? {} : { AZURE_TENANT_ID: tenant } }).settings)
  );
  assert.deepEqual(tenants, ["11111111-aaaa-4000-8000-000000000000", "Contoso.onmicrosoft.com", undefined]);
});
