import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { isPlainWord } from "./plain_word.ts";

/** The command line that failed, and what it was read with. */
export interface Typed {
  readonly argv: readonly string[];
  readonly program: CommandUnknownOpts;
  /** Name of the command, such as `exec`. */
  readonly command: string;
}

/** Lines that do something else than what was typed. */
const ELSE = /^[^;&|]*(?:--unset|--help)\b/;

/**
 * A remedy whose line of ours does what was typed, with the options that were typed: who asked for a proxy, or named a vault, would
 * lose them by pasting the line. A value that may be a secret stays out, as `<url>`.
 *
 * @param remedy the remedy
 * @param typed the command line that failed
 * @returns the remedy with the options behind each `mlflow-auth COMMAND` of the same command, but those that the line has already
 *
 * @example
 * ```ts
 * import { keepOptions } from "./kept_options.ts";
 * import { Command } from "@commander-js/extra-typings";
 * import assert from "node:assert/strict";
 *
 * const program = new Command();
 * program.command("exec").option("--proxy");
 * const typed = { argv: ["exec", "--proxy", "--", "train.py"], program, command: "exec" };
 * assert.equal(keepOptions("mlflow-auth exec -- python train.py", typed), "mlflow-auth exec --proxy -- python train.py");
 * ```
 */
export function keepOptions(remedy: string, typed: Typed): string {
  const start = `mlflow-auth ${typed.command}`;
  if (typed.command === "" || !remedy.includes(`${start} `) && !remedy.endsWith(start)) return remedy;
  const written = optionsOf(typed);
  return remedy.split(start).map((part, at) => {
    if (at === 0 || !/^(?:[ )]|$)/.test(part) || ELSE.test(part)) return part;
    const missing = written.filter(({ name }) => !part.includes(` ${name}`)).map(({ words }) => ` ${words}`);
    return `${missing.join("")}${part}`;
  }).join(start);
}

interface Written {
  readonly name: string;
  readonly words: string;
}

/** The options up to the command's own words, each as it may be shown. */
function optionsOf({ argv, program, command }: Typed): readonly Written[] {
  const own = program.commands.find((one) => one.name() === command);
  const known = new Map([...program.options, ...own?.options ?? []].map((option) => [option.long ?? "", option]));
  const written: Written[] = [];
  let named = false;
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? "";
    if (!word.startsWith("--") || word === "--") {
      if (word !== command || named) break;
      named = true;
      continue;
    }
    const [, name = "", inline] = /^(--[^=]*)(?:=(.*))?$/s.exec(word) ?? [];
    const option = known.get(name);
    if (option === undefined) continue;
    if (!option.required && !option.optional) {
      written.push({ name, words: name });
      continue;
    }
    const value = inline ?? argv[++at];
    if (value === undefined) continue;
    const shown = isPlainWord(value) ? value : /<.*>/.exec(option.flags)?.[0] ?? "…";
    written.push({ name, words: `${name} ${shown}` });
  }
  return written;
}
