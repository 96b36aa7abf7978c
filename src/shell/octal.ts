/**
 * Spells a text as a `printf` format: letters and digits as they are, every other byte as a backslash and three octal digits.
 * Only backslashes, letters and digits come out, so no shell finds anything to expand, split or complete in it.
 *
 * @param text any text of valid Unicode, without NUL
 * @returns the spelling of its UTF-8 bytes
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/printf.html
 * @example
 * ```ts
 * import { octal } from "./octal.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(octal("50% off\n"), String.raw`50\045\040off\012`);
 * ```
 */
export function octal(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => SPELLINGS[byte]).join("");
}

/** Each byte's spelling. */
const SPELLINGS: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  return /[A-Za-z0-9]/.test(character) ? character : `\\${byte.toString(8).padStart(3, "0")}`;
});
