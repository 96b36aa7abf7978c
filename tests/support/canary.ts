/** Every made-up secret of the tests holds this word, so that one search finds any of them. */
export const CANARY = "canary";

/** The word as base64 holds it, at each of the three places where it may begin. */
const ENCODED = ["Y2FuYXJ5", "NhbmFye", "jYW5hcn"] as const;

/** A signed token, as Entra ID issues them. */
const TOKEN = /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/;

/**
 * Looks for a secret in what a user could see.
 *
 * @param text output, a log or an error
 * @returns what was found and where, without the secret itself, or `undefined`
 *
 * @example
 * ```ts
 * import { findSecret } from "./canary.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(findSecret("mlflow-auth: [redacted]"), undefined);
 * assert.equal(findSecret("a\nBearer mlflow-token-canary"), "a secret in line 2");
 * ```
 */
export function findSecret(text: string): string | undefined {
  for (const [index, line] of text.split("\n").entries()) {
    if (line.toLowerCase().includes(CANARY)) return `a secret in line ${index + 1}`;
    if (ENCODED.some((encoded) => line.includes(encoded))) return `a secret in base64 in line ${index + 1}`;
    if (TOKEN.test(line)) return `a signed token in line ${index + 1}`;
  }
  return undefined;
}
