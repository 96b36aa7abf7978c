/** What a JSON Web Token says of itself, as far as people need it. */
export interface Claims {
  readonly audience: string | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly expiresAtMs: number | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly notBeforeMs: number | undefined;
}

/**
 * Reads the claims of a JSON Web Token, without checking its signature: that is up to who accepts it.
 *
 * @param token the token
 * @returns its claims, each in characters that a terminal may be given, or `undefined` for what is no JSON Web Token
 * @see https://www.rfc-editor.org/rfc/rfc7519
 *
 * @example
 * ```ts
 * import { readClaims } from "./claims.ts";
 * import assert from "node:assert/strict";
 *
 * const token = `e30.${btoa(JSON.stringify({ aud: "api://mlflow", exp: 1 }))}.x`;
 * assert.equal(readClaims(token)?.audience, "api://mlflow");
 * assert.equal(readClaims(token)?.expiresAtMs, 1000);
 * assert.equal(readClaims("opaque"), undefined);
 * ```
 */
export function readClaims(token: string): Claims | undefined {
  const parts = token.split(".");
  const payload = parts.length === 3 ? parts[1] : undefined;
  const claims = payload === undefined ? undefined : parseObject(decode(payload));
  if (claims === undefined) return undefined;
  const [audience] = [claims["aud"]].flat();
  return {
    audience: word(audience),
    expiresAtMs: seconds(claims["exp"]),
    notBeforeMs: seconds(claims["nbf"]),
  };
}

function decode(base64url: string): string | undefined {
  try {
    const binary = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
    return new TextDecoder().decode(Uint8Array.from(binary, (character) => character.charCodeAt(0)));
  } catch {
    // Not base64, so no token of this kind.
    return undefined;
  }
}

function parseObject(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return typeof value === "object" && value !== null ? value as Readonly<Record<string, unknown>> : undefined;
  } catch {
    // Not JSON, so no token of this kind.
    return undefined;
  }
}

/** Claims come from outside: only plain short words reach a terminal. */
function word(value: unknown): string | undefined {
  return typeof value === "string" && /^[\w\-.:/@+~]{1,200}$/.test(value) ? value : undefined;
}

function seconds(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value * 1000 : undefined;
}
