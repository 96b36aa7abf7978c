import { secretLook } from "../core/shown.ts";

/**
 * Whether a word of a command line may be shown: anything else may be a secret in the wrong place.
 *
 * @param word the word
 * @returns true for a short one of plain characters that looks like no secret
 *
 * @example
 * ```ts
 * import { isPlainWord } from "./plain_word.ts";
 * import assert from "node:assert/strict";
 *
 * assert.ok(isPlainWord("train.py"));
 * assert.ok(!isPlainWord("c29tZXRoaW5nMTIzNDU2Nzg5MA"));
 * ```
 */
export function isPlainWord(word: string): boolean {
  return /^[A-Za-z./][\w.:/-]{0,63}$/.test(word) && secretLook(word) === undefined && !/^\w*\d\w{15,}$/.test(word);
}
