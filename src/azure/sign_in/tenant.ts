import type { Settings } from "../../core/settings.ts";

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Says whether a tenant is given by its id.
 *
 * @param tenant an id or a domain
 * @returns true for a GUID
 */
export function isGuid(tenant: string): boolean {
  return GUID.test(tenant);
}

/**
 * The tenant as the SDK compares it with the vault's: an id in lower case.
 *
 * @param settings `AZURE_TENANT_ID` among them
 * @returns an id, a domain as it is, or `undefined`
 *
 * @example
 * ```ts
 * import { tenantOf } from "./tenant.ts";
 * import { readSettings } from "../../core/read_settings.ts";
 * import assert from "node:assert/strict";
 *
 * const { settings } = readSettings({ env: { AZURE_TENANT_ID: "11111111-AAAA-4000-8000-000000000000" } });
 * assert.equal(tenantOf(settings), "11111111-aaaa-4000-8000-000000000000");
 * ```
 */
export function tenantOf(settings: Pick<Settings, "tenantId">): string | undefined {
  const tenant = settings.tenantId.value?.trim();
  return tenant !== undefined && isGuid(tenant) ? tenant.toLowerCase() : tenant;
}
