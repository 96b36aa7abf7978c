/** How text is broken into lines. */
export interface WrapOptions {
  /** Width in characters; `undefined` breaks nothing, for what is no terminal. */
  readonly columns: number | undefined;
  /** Blanks before every line but the first. */
  readonly indent: number;
}

/** Narrower than this, words would stand one below the other. */
const NARROWEST = 30;

/**
 * Breaks one line at a terminal's width. A word stays whole, also one that is wider than the line: a command or a URL can be copied.
 *
 * @param line the text, without a line break
 * @param options the width, and the indent of what follows the first line
 * @returns the lines, joined
 *
 * @example
 * ```ts
 * import { wrapText } from "./wrap.ts";
 * import assert from "node:assert/strict";
 *
 * const line = "fail  vault  the identity has no role that may read secrets";
 * const wrapped = "fail  vault  the identity has no role\n             that may read secrets";
 * assert.equal(wrapText(line, { columns: 38, indent: 13 }), wrapped);
 * assert.equal(wrapText(line, { columns: undefined, indent: 13 }), line);
 * ```
 */
export function wrapText(line: string, { columns, indent }: WrapOptions): string {
  if (columns === undefined || columns < NARROWEST || widthOf(line) <= columns) return line;
  const lines: string[] = [];
  let current = "";
  for (const piece of line.match(/\s*\S+/g) ?? []) {
    const blank = current.trim() === "";
    if (!blank && widthOf(current + piece) > columns) {
      lines.push(current);
      current = " ".repeat(indent) + piece.trimStart();
    } else current += piece;
  }
  return [...lines, current].join("\n");
}

/** Colours take no room. */
function widthOf(text: string): number {
  // deno-lint-ignore no-control-regex
  return [...text.replaceAll(/\x1b\[[0-9;]*m/g, "")].length;
}
