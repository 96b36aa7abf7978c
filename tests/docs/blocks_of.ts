/** A block of code in a page of the docs. */
export interface Block {
  /** Path of the page. */
  readonly path: string;
  /** Line of its fence, from 1. */
  readonly line: number;
  /** The first word after the fence, `""` for none. */
  readonly language: string;
  /** Its lines, without the indent of a block in a list. */
  readonly text: string;
}

/**
 * Finds the blocks of code of a page.
 *
 * @param page text of the page
 * @param path path of the page, for messages
 * @returns every block between fences, in order
 *
 * @example
 * ```ts
 * import { blocksOf } from "./blocks_of.ts";
 * import assert from "node:assert/strict";
 *
 * const fence = "`".repeat(3);
 * const page = `1. Run it:\n\n   ${fence}sh\n   mlflow-auth doctor\n   ${fence}\n`;
 * assert.deepEqual(blocksOf(page, "a.md"), [{ path: "a.md", line: 3, language: "sh", text: "mlflow-auth doctor\n" }]);
 * ```
 */
export function blocksOf(page: string, path: string): readonly Block[] {
  const fenced = /^([ \t]*)(`{3,})([^`\n]*)\n([\s\S]*?)^\1\2[ \t]*$/gm;
  return [...page.matchAll(fenced)].map(({ index, 1: indent = "", 3: info = "", 4: text = "" }) => ({
    path,
    line: page.slice(0, index).split("\n").length,
    language: info.trim().split(/\s+/)[0] ?? "",
    text: text.split("\n").map((line) => line.startsWith(indent) ? line.slice(indent.length) : line).join("\n"),
  }));
}

/**
 * Finds the command lines of the program in a block, wherever they stand: in a script, in a unit of systemd, in a list of words of
 * JSON, YAML, HCL, Python or a Dockerfile, in a task of an editor.
 *
 * @param text text of a block, or a span of code
 * @returns the arguments of each use, without the program's name
 *
 * @example
 * ```ts
 * import { usesOf } from "./blocks_of.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(usesOf('eval "$(mlflow-auth export --format sh)"'), [["export", "--format", "sh"]]);
 * assert.deepEqual(usesOf('CMD ["mlflow-auth", "exec", "--", "true"]'), [["exec", "--", "true"]]);
 * ```
 */
export function usesOf(text: string): readonly (readonly string[])[] {
  const plain = text.replaceAll(/^\s*#(?!!).*$/gm, "").replaceAll(/\\\n\s*/g, " ");
  const word = String.raw`"(?:[^"\\]|\\.)*"(?!\s*:)`;
  const list = new RegExp(
    String.raw`"(?:[^"\s]*\/)?mlflow-auth"(?:,\s*"args":\s*\[\s*|\s*,\s*)(${word}(?:\s*,\s*${word})*)`,
    "g",
  );
  const lists = [...plain.matchAll(list)].map(([, words = ""]) => JSON.parse(`[${words}]`) as readonly string[]);
  const line = /(^|[\s"'`(=/])mlflow-auth"?[ \t]+(?=([-a-z][^\n]*))/gm;
  const lines = [...plain.matchAll(line)].map(([, before, rest = ""]) =>
    wordsOf(before === '"' || before === "'" || before === "`" ? rest.slice(0, endOf(rest, before)) : rest)
  );
  // A list that goes on with a path copies the file.
  return [...lists.filter(([first = ""]) => !/^[./]/.test(first)), ...lines];
}

const endOf = (rest: string, quote: string): number => rest.includes(quote) ? rest.indexOf(quote) : rest.length;

/** Words of a shell's command, up to where the command ends. */
function wordsOf(rest: string): readonly string[] {
  const words = /(?:'[^']*'|"(?:[^"\\]|\\.)*"|[^\s'"|;&)<>`])+|[|;&)<>`]/g;
  const found: string[] = [];
  for (const [word] of rest.matchAll(words)) {
    if (/^[|;&)<>`]$/.test(word)) break;
    found.push(word.replaceAll(/['"]/g, ""));
  }
  return found;
}
