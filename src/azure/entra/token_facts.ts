import { Buffer } from "node:buffer";

/** What an access token says about whom it is for; never the token. */
export interface TokenFacts {
  readonly tenantId: string | undefined;
  /** Application (client) id. */
  readonly appId: string | undefined;
  /** Object id of the service principal, managed identity or user. */
  readonly objectId: string | undefined;
  /** Whom it is for: an application's id, or one of its URIs. */
  readonly audience?: string;
  /** Application roles that it gives at that application; none for most. */
  readonly roles?: readonly string[];
  /** `1.0` or `2.0`. */
  readonly version?: string;
  /** Milliseconds since the Unix epoch. */
  readonly expiresAtMs: number;
}

const ID = /^[0-9a-zA-Z-]{1,64}$/;
const AUDIENCE = /^[\w\-.:/]{1,200}$/;
const ROLE = /^[\w\-.:]{1,120}$/;

/**
 * Reads the claims of an access token that tell whom it is for. The token is not checked: the vault does that.
 *
 * @param token the access token, and its end in milliseconds since the Unix epoch
 * @returns the claims, each `undefined` where the token does not tell or is none that can be read
 *
 * @example
 * ```ts
 * import { readTokenFacts } from "./token_facts.ts";
 * import assert from "node:assert/strict";
 *
 * const claims = btoa(JSON.stringify({ tid: "t-1", appid: "a-1", oid: "o-1" }));
 * assert.deepEqual(readTokenFacts({ token: `e30.${claims}.`, expiresOnTimestamp: 5 }), {
 *   tenantId: "t-1",
 *   appId: "a-1",
 *   objectId: "o-1",
 *   expiresAtMs: 5,
 * });
 * ```
 *
 * @see https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
export function readTokenFacts(token: { readonly token: string; readonly expiresOnTimestamp: number }): TokenFacts {
  let claims: unknown;
  try {
    claims = JSON.parse(Buffer.from(token.token.split(".")[1] ?? "", "base64url").toString());
  } catch {
    // A token need not be readable for who carries it (RFC 9068, section 6).
    claims = undefined;
  }
  const all: readonly (readonly [string, unknown])[] = typeof claims === "object" && claims !== null
    ? Object.entries(claims)
    : [];
  const claim = (...names: readonly string[]): unknown =>
    names.map((name) => all.find(([key]) => key === name)?.[1]).find((one) => one !== undefined);
  const word = (value: unknown, form: RegExp): string | undefined =>
    typeof value === "string" && form.test(value) ? value : undefined;
  const read = (...names: readonly string[]): string | undefined => word(claim(...names), ID);
  const audience = word(claim("aud"), AUDIENCE);
  const roles = [claim("roles")].flat().flatMap((role) => word(role, ROLE) ?? []);
  const version = word(claim("ver"), /^[12]\.0$/);
  return {
    tenantId: read("tid"),
    appId: read("appid", "azp"),
    objectId: read("oid"),
    ...(audience === undefined ? {} : { audience }),
    ...(roles.length === 0 ? {} : { roles }),
    ...(version === undefined ? {} : { version }),
    expiresAtMs: token.expiresOnTimestamp,
  };
}
