import type { HttpClient } from "@azure/core-rest-pipeline";
import type { Settings } from "../../core/settings/settings.ts";
import type { Authority } from "../entra/authority.ts";
import { isGuid } from "../../core/shown.ts";
import { tenantOf } from "./tenant.ts";

/** The SDK asks nothing twice: our own client does, which knows the time that is left (`src/azure/http/retries.ts`). */
export const RETRY_OPTIONS = { maxRetries: 0 } as const;

/** What every credential of `@azure/identity` is made with. */
export interface ClientOptions {
  readonly authorityHost: string;
  readonly httpClient: HttpClient;
  readonly retryOptions: typeof RETRY_OPTIONS;
  readonly disableInstanceDiscovery: boolean;
  readonly additionallyAllowedTenants: string[];
}

/**
 * Makes the options of every credential of the SDK.
 *
 * @param settings the tenant among them
 * @param parts the authority and the HTTP client
 * @returns the options
 *
 * @see https://learn.microsoft.com/javascript/api/@azure/identity/multitenanttokencredentialoptions
 */
export function clientOptions(
  settings: Settings,
  parts: { readonly authority: Authority; readonly httpClient: HttpClient },
): ClientOptions {
  const tenant = tenantOf(settings);
  return {
    authorityHost: parts.authority.url,
    httpClient: parts.httpClient,
    retryOptions: RETRY_OPTIONS,
    disableInstanceDiscovery: parts.authority.custom,
    // A vault names its tenant by id: the SDK would take a tenant that is set by its domain for another one.
    additionallyAllowedTenants: tenant !== undefined && !isGuid(tenant) ? ["*"] : [],
  };
}
