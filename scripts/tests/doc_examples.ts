/** An example of a doc comment or of a Markdown file. */
export interface DocExample {
  /** Line of its first line, from 1. */
  readonly line: number;
  readonly code: string;
}

/**
 * Finds the examples of a file: the blocks marked `ts` of its doc comments, or of all of it where it is Markdown. A block marked
 * `ts ignore` is none.
 *
 * @param text the file's text
 * @param path its path; one that ends in `.md` is Markdown
 * @returns the examples, in order
 *
 * @example
 * ```ts
 * import { findExamples } from "./doc_examples.ts";
 * import assert from "node:assert/strict";
 *
 * const fence = "`".repeat(3);
 * assert.deepEqual(findExamples(`# Title\n${fence}ts\nf();\n${fence}\n`, "a.md"), [{ line: 3, code: "f();" }]);
 * ```
 */
export function findExamples(text: string, path: string): readonly DocExample[] {
  const plain = path.endsWith(".md") ? text : onlyComments(text);
  return [...plain.matchAll(/^ *```ts[ \t]*\n([\s\S]*?)\n *```$/gm)].map(({ index, 1: code = "" }) => ({
    line: plain.slice(0, index).split("\n").length + 1,
    code,
  }));
}

/** The text of doc comments without their stars, at the same lines; every other line is empty. */
function onlyComments(text: string): string {
  let inside = false;
  return text.split("\n").map((line) => {
    if (/^\s*\/\*\*/.test(line)) inside = true;
    const kept = inside ? line.replace(/^\s*(?:\/\*\*|\*\/|\*(?!\/)) ?/, "") : "";
    if (line.includes("*/")) inside = false;
    return kept;
  }).join("\n");
}

/**
 * Makes the module of an example: what it imports by a relative path is found from where the example stands.
 *
 * @param code the example
 * @param from URL of the file in which it stands
 * @returns the module's text
 */
export function moduleOf(code: string, from: string): string {
  return code.replaceAll(/(\bfrom\s+|\bimport\s+|\bimport\()"(\.[^"]+)"/g, (_, before: string, target: string) => {
    return `${before}"${new URL(target, from).href}"`;
  });
}
