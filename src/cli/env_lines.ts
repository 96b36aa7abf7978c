// Lines that set a variable in other languages, as lines of a .env file.

/** A text with one meaning for who reads .env files. */
export interface Lines {
  readonly text: string;
  /** Numbers of the lines that set nothing and are no note, from 1. */
  readonly strange: readonly number[];
  /** The line whose quote nothing closes. */
  readonly unclosed: number | undefined;
}

/** The value in quotes that it does not hold itself; `undefined` where it holds all three. */
function quoted(name: string, value: string): string | undefined {
  if (/[\r\n]/.test(value)) return undefined;
  const quote = ["'", "`", '"'].find((mark) => !value.includes(mark));
  // In double quotes `\n` would become a line break.
  if (quote === undefined || (quote === '"' && value.includes("\\"))) return undefined;
  return `${name}=${quote}${value}${quote}`;
}

/** A word of PowerShell; `undefined` for one that it would compute. */
function ofPowershell(word: string): string | undefined {
  const single = /^'((?:[^']|'')*)'$/.exec(word)?.[1];
  if (single !== undefined) return single.replaceAll("''", "'");
  const double = /^"([^"`$]*)"$/.exec(word)?.[1];
  return double ?? (/^[\w.:/-]+$/.test(word) ? word : undefined);
}

/** A word of csh and fish, without what they would compute. */
function ofShell(word: string): string | undefined {
  return /^'([^']*)'$/.exec(word)?.[1] ?? /^"([^"\\$`]*)"$/.exec(word)?.[1] ??
    (/^[\w.:/@%+,=-]+$/.test(word) ? word : undefined);
}

/** What a line of another language sets; `undefined` for a line of none, `null` for one whose value cannot be told. */
function ofOthers(line: string): string | null | undefined {
  const cmd = /^\s*@?set\s+(?:"([A-Za-z_]\w*)=(.*)"|([A-Za-z_]\w*)=(.*?))\s*$/i.exec(line);
  if (cmd !== null) return quoted(cmd[1] ?? cmd[3] ?? "", cmd[2] ?? cmd[4] ?? "") ?? null;
  const powershell = /^\s*\$(?:env:(\w+)|\{env:(\w+)\})\s*=\s*(.*?)\s*;?\s*$/i.exec(line);
  if (powershell !== null) {
    const value = ofPowershell(powershell[3] ?? "");
    return value === undefined ? null : quoted(powershell[1] ?? powershell[2] ?? "", value) ?? null;
  }
  const shell = /^\s*(?:set(?:\s+-\w+)+|setenv)\s+([A-Za-z_]\w*)\s+(.*?)\s*;?\s*$/.exec(line);
  if (shell === null) return undefined;
  const value = ofShell(shell[2] ?? "");
  return value === undefined ? null : quoted(shell[1] ?? "", value) ?? null;
}

/** The quote that a value opens and does not close on its line. */
function openQuote(value: string): string | undefined {
  const mark = /^\s*(['"`])/.exec(value)?.[1];
  return mark !== undefined && !value.trimStart().slice(1).includes(mark) ? mark : undefined;
}

/**
 * Rewrites lines of cmd (`set X=1`), PowerShell (`$env:X = "1"`), fish (`set -gx X 1`) and csh (`setenv X 1`), and finds the lines that
 * set nothing.
 *
 * @param text of a file
 * @returns the text as a .env file, with as many lines, and those that cannot be meant as they stand
 *
 * @example
 * ```ts
 * import { asDotenv } from "./env_lines.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(asDotenv('$env:A = "1"\nB=2\nsource x'), { text: "A='1'\nB=2\n", strange: [3], unclosed: undefined });
 * ```
 */
export function asDotenv(text: string): Lines {
  const strange: number[] = [];
  let open: { readonly mark: string; readonly line: number } | undefined;
  const lines = text.split(/\r\n|\n|\r/).map((line, index) => {
    if (open !== undefined) {
      if (line.includes(open.mark)) open = undefined;
      return line;
    }
    const other = ofOthers(line);
    if (typeof other === "string") return other;
    const [, own] = /^\s*(?:export\s+)?[\w.-]+(?:\s*=|:\s)(.*)$/.exec(line) ?? [];
    if (other === undefined && own !== undefined) {
      const mark = openQuote(own);
      if (mark !== undefined) open = { mark, line: index + 1 };
      return line;
    }
    // A name alone is how docker passes a variable on.
    if (other === undefined && /^\s*([A-Za-z_]\w*\s*)?(#.*)?$/.test(line)) return "";
    strange.push(index + 1);
    return "";
  });
  return { text: lines.join("\n"), strange, unclosed: open?.line };
}
