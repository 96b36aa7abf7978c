/** Words that begin a line of shell in a remedy. */
const COMMANDS =
  "az|azd|cat|chmod|command|curl|date|eval|export|file|kubectl|ls|mlflow|mlflow-auth|mv|nslookup|openssl|sed|sudo|ulimit|unset";
const START = new RegExp(`^(?:creds=\\$\\(|(?:[A-Z_]+=\\S+ )?(?:${COMMANDS})(?: |$))`);

/** Whether a text begins as a line of shell does. */
export const isLine = (text: string): boolean => START.test(text);

/** Quotes and `$(…)` hold no end of a line of shell. */
function clauses(text: string): readonly string[] {
  const parts: string[] = [""];
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    // An apostrophe within a word is none of a shell's.
    const opens = /['"]/.test(character) && !/\w/.test(text[at - 1] ?? "");
    if (quote === "" ? opens : character === quote) quote = quote === "" ? character : "";
    if (quote === "" && text.startsWith("; ", at)) {
      parts.push("");
      at++;
    } else parts[parts.length - 1] += character;
  }
  return parts;
}

/**
 * Finds the lines of shell in a remedy: all of it where it begins with one, else what stands behind words and a colon.
 *
 * @param remedy what a `try:` line says
 * @returns the lines, each as it is to be pasted
 *
 * @example
 * ```ts
 * import { linesOf } from "./lines.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(linesOf("unset A; export B=1"), ["unset A; export B=1"]);
 * assert.deepEqual(linesOf("check the clock: date -u; then the file: ls -l a"), ["date -u", "ls -l a"]);
 * assert.deepEqual(linesOf("try again"), []);
 * ```
 */
export function linesOf(remedy: string): readonly string[] {
  if (isLine(remedy)) return [remedy];
  const lines: string[] = [];
  let open = false;
  for (const clause of clauses(remedy)) {
    const at = [...clause.matchAll(/: +/g)].find(({ index, 0: colon }) => isLine(clause.slice(index + colon.length)));
    if (at !== undefined) {
      lines.push(clause.slice(at.index + at[0].length));
      open = true;
    } else if (open && isLine(clause)) lines.push(`${lines.pop()}; ${clause}`);
    else open = false;
  }
  return lines;
}

/** What becomes of a line: it is run, read by the Azure CLI's parser, or only counted. */
export type Kind = "run" | "az" | "listed";

/** Lines for elsewhere: a cluster, a clock, a name server, the server's machine, a host that is reached without the stand-in's proxy. */
const ELSEWHERE =
  /^(?:sudo|kubectl|nslookup|azd|mlflow) |^export NO_PROXY=(?!127\.|localhost)|^openssl s_client -connect (?!127\.0\.0\.1:|localhost:)/;

/** Says what becomes of a line. */
export function kindOf(line: string): Kind {
  if (azWords(line).length > 0) return "az";
  return ELSEWHERE.test(line) ? "listed" : "run";
}

/**
 * The command lines of the Azure CLI in a line of shell.
 *
 * @param line the line
 * @returns the words of each behind `az`, as a shell reads them; a placeholder such as `<name>` is one word
 */
export function azWords(line: string): readonly (readonly string[])[] {
  const inner = [...line.matchAll(/\$\(az ([^)]*)\)/g)].map(([, words = ""]) => words);
  const outer = line.replaceAll(/\$\(az [^)]*\)/g, "ID").split(/; | && /).flatMap((part) =>
    part === "az" || part.startsWith("az ") ? [part.slice(3)] : []
  );
  return [...outer, ...inner].map((text) => text.match(/"[^"]*"|'[^']*'|(?:<[^>]*>|\S)+/g)?.map(unquoted) ?? []);
}

const unquoted = (word: string): string => word.replace(/^(["'])(.*)\1$/s, "$2");
