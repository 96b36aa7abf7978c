/**
 * Lays words out in as few lines as hold them, for lists in help that grow with a table.
 *
 * @param words the words, in order
 * @param columns characters that a line may have
 * @returns the lines
 *
 * @example
 * ```ts
 * import { fillLines } from "./fill_lines.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(fillLines(["Formats:", "sh", "fish"], 12), "Formats: sh\nfish");
 * ```
 */
export function fillLines(words: readonly string[], columns = 80): string {
  const lines: string[] = [];
  for (const word of words) {
    const longer = `${lines.at(-1) ?? ""} ${word}`;
    if (lines.length > 0 && longer.length <= columns) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join("\n");
}
