import type { Host } from "../../core/host.ts";
import { isGuid } from "../../core/shown.ts";
import type { Settings } from "../../core/settings/settings.ts";
import type { Authority } from "../entra/authority.ts";
import type { HttpRequest } from "../http/message.ts";
import { tenantOf } from "./tenant.ts";

/** A token, as the SDK is asked for it. */
export interface WantedToken {
  readonly scope: string;
  /** Whether Entra ID may end it early (continuous access evaluation), as the SDK's clients of Azure's services have it. */
  readonly enableCae: boolean;
}

/** What an application shows to Entra ID, by the names of the form's fields. */
export type Shown =
  | { readonly client_secret: string }
  | { readonly client_assertion: string; readonly client_assertion_type: typeof ASSERTION_TYPE };

/** What an assertion is, in a form. */
export const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** The claims that MSAL asks for where a token may end early. */
const CAE_CLAIMS = JSON.stringify({
  id_token: {
    signin_state: { essential: false },
    login_hint: { essential: false },
    tenant_region_sub_scope: { essential: false },
  },
  access_token: { xms_cc: { values: ["cp1"] } },
});

/**
 * An id of a request's own, by which Entra ID's logs tell it from others.
 *
 * @param host its source of random digits
 * @returns a UUID
 *
 * @example
 * ```ts
 * import { newId } from "./token_request.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(newId({ randomHex: () => "0123456789abcdef0123456789abcdef" }), "01234567-89ab-4def-8123-456789abcdef");
 * ```
 */
export const newId = ({ randomHex }: Pick<Host, "randomHex">): string =>
  randomHex().replace(/^(.{8})(.{4}).(.{3}).(.{3})/, "$1-$2-4$3-8$4-");

/**
 * Makes what makes the request by which MSAL will ask for an application's token, to be sent before MSAL is there to do so. Its answer
 * is MSAL's where MSAL asks the same.
 *
 * @param settings the tenant and the client id
 * @param parts the authority and the token
 * @returns makes it of what the application shows and an id of the request's own; `undefined` where MSAL may ask another first: for a
 * tenant that is not named by its id, or of a region
 *
 * @example
 * ```ts
 * import { tokenRequests } from "./token_request.ts";
 * import { readSettings } from "../../core/settings/read_settings.ts";
 * import assert from "node:assert/strict";
 *
 * const env = { AZURE_TENANT_ID: "11111111-aaaa-4000-8000-000000000000", AZURE_CLIENT_ID: "c" };
 * const authority = { url: "https://login.microsoftonline.com", host: "login.microsoftonline.com", custom: false };
 * const wanted = { scope: "https://vault.azure.net/.default", enableCae: true };
 * const make = tokenRequests(readSettings({ env }).settings, { authority, wanted });
 * const request = make?.({ client_secret: "canary" }, "id-1");
 * assert.equal(new URLSearchParams(request?.body).get("scope"), "https://vault.azure.net/.default");
 * ```
 *
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow#get-a-token
 */
export function tokenRequests(
  settings: Pick<Settings, "tenantId" | "clientId" | "region">,
  { authority, wanted }: { readonly authority: Authority; readonly wanted: WantedToken },
): ((shown: Shown, id: string) => HttpRequest) | undefined {
  const tenant = tenantOf(settings);
  if (tenant === undefined || !isGuid(tenant) || settings.region.value !== undefined) return undefined;
  return (shown, id) => ({
    method: "POST",
    url: `${authority.url}/${tenant}/oauth2/v2.0/token?client-request-id=${id}`,
    headers: { "content-type": "application/x-www-form-urlencoded;charset=utf-8" },
    body: new URLSearchParams({
      client_id: settings.clientId.value ?? "",
      scope: wanted.scope,
      grant_type: "client_credentials",
      "x-ms-lib-capability": "retry-after, h429",
      ...shown,
      ...(wanted.enableCae ? { claims: CAE_CLAIMS } : {}),
    }).toString(),
  });
}
