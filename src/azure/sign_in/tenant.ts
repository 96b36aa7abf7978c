import { isGuid } from "../../core/shown.ts";
import type { Settings } from "../../core/settings/settings.ts";

/**
 * The tenant as the SDK compares it with the vault's: an id in lower case.
 *
 * @param settings `AZURE_TENANT_ID` among them
 * @returns an id, a domain as it is, or `undefined`
 *
 * @example
 * ```ts
 * import { tenantOf } from "./tenant.ts";
 * import { readSettings } from "../../core/settings/read_settings.ts";
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
