import type { Authority } from "./authority.ts";
import type { HttpRequest } from "../http/message.ts";

/**
 * Answers the SDK's question where a custom authority's endpoints are. They are where Entra ID has them: an authority that is set by
 * hand is used as it is, without a request of its own.
 *
 * @param request the SDK's request
 * @param authority the authority
 * @returns the answer's body, or `undefined` for any other request, or an authority of Microsoft's, which the SDK knows
 *
 * @example
 * ```ts
 * import { answerDiscovery } from "./discovery.ts";
 * import assert from "node:assert/strict";
 *
 * const authority = { url: "https://127.0.0.1:8443", host: "127.0.0.1:8443", custom: true };
 * const url = "https://127.0.0.1:8443/t-1/v2.0/.well-known/openid-configuration";
 * const body = answerDiscovery({ method: "GET", url, headers: {} }, authority);
 * assert.equal(JSON.parse(body ?? "").token_endpoint, "https://127.0.0.1:8443/t-1/oauth2/v2.0/token");
 * ```
 *
 * @see https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc#fetch-the-openid-configuration-document
 */
export function answerDiscovery(request: HttpRequest, authority: Authority): string | undefined {
  if (!authority.custom || request.method !== "GET") return undefined;
  const { url } = authority;
  if (!request.url.toLowerCase().startsWith(`${url.toLowerCase()}/`)) return undefined;
  const tenant = /^\/([^/]+)\/v2\.0\/\.well-known\/openid-configuration$/.exec(request.url.slice(url.length))?.[1];
  // AD FS has its endpoints elsewhere.
  if (tenant === undefined || tenant.toLowerCase() === "adfs") return undefined;
  return JSON.stringify({
    issuer: `${url}/${tenant}/v2.0`,
    authorization_endpoint: `${url}/${tenant}/oauth2/v2.0/authorize`,
    token_endpoint: `${url}/${tenant}/oauth2/v2.0/token`,
    jwks_uri: `${url}/${tenant}/discovery/v2.0/keys`,
    response_types_supported: ["code"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
  });
}
