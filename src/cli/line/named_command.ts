import type { CommandRow } from "../commands/command.ts";
import { COMMANDS } from "../commands/commands.ts";
import { GLOBAL_OPTIONS, SETTING_FLAGS } from "./options.ts";

/**
 * The command of a command line that could not be understood: its first word that is none of an option or an option's value, else the
 * first that is a command's name, as behind an option that is not known.
 *
 * @param argv the command line
 * @returns the command, `undefined` where there is none
 *
 * @example
 * ```ts
 * import { namedCommand } from "./named_command.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(namedCommand(["--vault-url", "info", "exec", "--", "true"])?.name, "exec");
 * ```
 */
export function namedCommand(argv: readonly string[]): CommandRow | undefined {
  const takeValues = [...GLOBAL_OPTIONS.map(({ flag }) => flag), ...SETTING_FLAGS];
  const at = argv.findIndex((word, index) => !word.startsWith("-") && !takeValues.includes(argv[index - 1] ?? ""));
  const rowOf = (word: string | undefined): CommandRow | undefined => COMMANDS.find(({ name }) => name === word);
  const unknown = argv[at - 1]?.startsWith("-") === true && rowOf(argv[at]) === undefined;
  return rowOf(unknown ? argv.slice(at).find((word) => word === "--" || rowOf(word) !== undefined) : argv[at]);
}
