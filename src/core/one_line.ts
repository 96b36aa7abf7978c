// C0, DEL and C1; the line and paragraph separators; marks that turn the direction of text; half a surrogate pair.
// deno-lint-ignore no-control-regex
const UNSEEN = /[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]/gu;
const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * A text as one line that a terminal, a log and a CI system show and do not obey. The one place where control characters are escaped:
 * messages, remedies, log lines and values of settings go through it.
 *
 * @param text any text
 * @returns the text with `\n`, `\r`, `\t` and `\u{…}` for what breaks a line or cannot be seen; everything else as it is
 *
 * @example
 * ```ts
 * import { oneLine } from "./one_line.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(oneLine("a\nb\x1b[31m"), "a\\nb\\u{1b}[31m");
 * ```
 */
export function oneLine(text: string): string {
  return text.replace(UNSEEN, (character) => SHORT[character] ?? `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
