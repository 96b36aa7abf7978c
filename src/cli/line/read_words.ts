import type { Command } from "../commands/command.ts";
import { collect, GLOBAL_OPTIONS, keyOf, type OptionRow, type ReadOptions, sessionOptions } from "./options.ts";

/** What the words behind a command's name were read as. */
export interface Words {
  readonly options: ReadOptions;
  readonly operands: readonly string[];
}

/**
 * Reads the words behind a command's name, where each of them is understood; what asks for help, or is a mistake, is left to the
 * reader that knows what to say of it (program.ts).
 *
 * @param words the words
 * @param command what it takes
 * @returns its options and operands, or `undefined` where the words are for the other reader
 *
 * @example
 * ```ts
 * import { readWords } from "./read_words.ts";
 * import { EXEC } from "../commands/exec.ts";
 * import assert from "node:assert/strict";
 *
 * const words = ["--keep-env", "A", "--force", "train", "--lr=1"];
 * assert.deepEqual(readWords(words, EXEC), { options: { keepEnv: ["A"], force: true }, operands: ["train", "--lr=1"] });
 * assert.equal(readWords(["--help"], EXEC), undefined);
 * ```
 */
export function readWords(words: readonly string[], command: Command): Words | undefined {
  const options: Record<string, unknown> = {};
  for (const { flag, fallback } of command.options) if (fallback !== undefined) options[keyOf(flag)] = fallback;
  const operands: string[] = [];
  const lists = new Map<string, string[]>();
  let rows: ReadonlyMap<string, OptionRow> | undefined;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "--" || command.startsChild === true && !word.startsWith("-")) {
      operands.push(...words.slice(word === "--" ? at + 1 : at));
      break;
    }
    if (!word.startsWith("-")) {
      operands.push(word);
      continue;
    }
    rows ??= new Map(optionsOf(command).map((row) => [row.flag, row]));
    const [, flag = "", inline] = /^(--[^=]*)(?:=(.*))?$/s.exec(word) ?? [];
    const row = rows.get(flag);
    if (row === undefined || row.value === undefined && inline !== undefined) return undefined;
    const key = keyOf(flag);
    if (row.value === undefined) {
      options[key] = !flag.startsWith("--no-");
      continue;
    }
    const value = inline ?? words[++at];
    // A value that is left out takes the `--` for itself.
    if (value === undefined || value === "--") return undefined;
    if (row.many === true) lists.set(key, collect(value, lists.get(key)));
    options[key] = lists.get(key) ?? value;
  }
  return fits(operands, command) ? { options, operands } : undefined;
}

/**
 * The options that a command takes.
 *
 * @param command the command
 * @returns its own, the global ones, and those of settings where it takes them
 */
export const optionsOf = (command: Command): readonly OptionRow[] => [
  ...command.options,
  ...GLOBAL_OPTIONS,
  ...command.takesSettings ? sessionOptions() : [],
];

function fits(given: readonly string[], { operands = [] }: Command): boolean {
  const least = operands.filter(({ name }) => name.startsWith("<")).length;
  const most = operands.some(({ name }) => name.includes("...")) ? Infinity : operands.length;
  return given.length >= least && given.length <= most;
}
