/**
 * Encodes the UTF-8 bytes of a text in base64.
 *
 * @param text any text of valid Unicode
 * @returns standard base64 with padding
 * @see https://www.rfc-editor.org/rfc/rfc4648#section-4
 * @example
 * ```ts
 * import { base64 } from "./base64.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(base64("é"), "w6k=");
 * ```
 */
export function base64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}
