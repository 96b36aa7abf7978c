import { CommanderError, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { errorCode } from "../core/error_code.ts";
import { AuthError } from "../core/errors.ts";
import type { Host } from "../core/host.ts";
import { SIDECAR } from "../core/sidecar.ts";
import type { CommandLine, CommandRow } from "./commands/command.ts";
import { COMMANDS } from "./commands/commands.ts";
import { print, tell } from "./output.ts";
import { asAuthError, errorLook, formatError } from "./print_error.ts";
import { addGlobalOptions, addHiddenSettings, givenOptions, makeProgram, SETTING_FLAGS } from "./program.ts";
import { openSession } from "./session.ts";

/**
 * Runs one command line. The one place that catches and prints.
 *
 * @param given the arguments, without the program's name
 * @param host the world
 * @returns the exit status
 *
 * @example
 * ```ts
 * import { main } from "./run.ts";
 * import { fakeHost } from "../../tests/support/host.ts";
 * import assert from "node:assert/strict";
 *
 * const host = fakeHost();
 * assert.equal(await main(["exec", "--", "true"], host), 125);
 * assert.match(host.stderr.text(), /"MLFLOW_AZURE_KEY_VAULT_URL" is not set/);
 * ```
 */
export async function main(given: readonly string[], host: Host): Promise<number> {
  if (given[0] === SIDECAR) return await (await import("./proxied/run_sidecar.ts")).runSidecar(given.slice(1), host);
  const argv = withoutAliases(given);
  let status = 0;
  const help: string[] = [];
  const program = makeProgram(host, (text) => void help.push(text));
  const run: CommandLine["run"] = async (command, body) => {
    for (const one of [program, command]) refuseDashes(one);
    status = await body(await openSession(host, givenOptions(command.opts(), program.opts())));
  };
  // The others would only be made in vain, but for what speaks of all of them: help before a command, and completions.
  const first = COMMANDS.find(({ name }) => name === argv[0] && name !== "completions");
  for (const command of first === undefined ? COMMANDS : [first]) command.add({ program, host, run });
  addGlobalOptions(program);
  // A command that comes first has them itself.
  if (first === undefined) addHiddenSettings(program);
  try {
    if (argv.length === 0) program.outputHelp();
    else await program.parseAsync(argv, { from: "user" }).catch(unlessAnswered);
    if (help.length > 0) await print(host, help.join(""));
    return status;
  } catch (thrown) {
    return await fail(thrown, { argv, host, program });
  }
}

/** An option without its value takes the `--` behind it, and the command after that is read as our own words. */
function refuseDashes(command: CommandUnknownOpts): void {
  const values: Readonly<Record<string, unknown>> = command.opts();
  if (!Object.values(values).some((value) => value === "--" || Array.isArray(value) && value.includes("--"))) return;
  const option = command.options.find((one) => [values[one.attributeName()]].flat().includes("--"));
  if (option === undefined) return;
  throw new CommanderError(1, "commander.optionMissingArgument", `error: option '${option.flags}' argument missing`);
}

/** `help`, `help exec` and `version`, as other programs have them. */
function withoutAliases(argv: readonly string[]): readonly string[] {
  const [first, second] = argv;
  if (first === "version") return ["--version"];
  if (first !== "help") return argv;
  if (second === undefined) return ["--help"];
  return COMMANDS.some(({ name }) => name === second) ? [second, "--help"] : [second];
}

/** Commander throws also when it has printed help or the version. */
function unlessAnswered(thrown: unknown): void {
  if (!(thrown instanceof CommanderError) || thrown.exitCode !== 0) throw thrown;
}

/**
 * The command of a command line that could not be understood: its first word that is none of an option or an option's value, else the
 * first that is a command's name, as behind an option that is not known.
 */
function namedCommand(argv: readonly string[]): CommandRow | undefined {
  const takeValues = ["--env-file", "--log-level", ...SETTING_FLAGS];
  const at = argv.findIndex((word, index) => !word.startsWith("-") && !takeValues.includes(argv[index - 1] ?? ""));
  const rowOf = (word: string | undefined): CommandRow | undefined => COMMANDS.find(({ name }) => name === word);
  const unknown = argv[at - 1]?.startsWith("-") === true && rowOf(argv[at]) === undefined;
  return rowOf(unknown ? argv.slice(at).find((word) => word === "--" || rowOf(word) !== undefined) : argv[at]);
}

async function printFailureWord(
  word: NonNullable<CommandRow["failureWord"]>,
  { argv, host }: { readonly argv: readonly string[]; readonly host: Host },
): Promise<void> {
  try {
    await print(host, word(argv, host));
  } catch {
    // Who does not get the word is told why all the same.
  }
}

/**
 * The end of a run by what nobody caught: a promise that was rejected with nobody waiting for it, an error in an event. Of a defect
 * nothing but its kind is shown, in one line: its message and its trace may quote anything.
 *
 * @param thrown what was thrown
 * @param run the arguments and the host
 * @returns the exit status of the command that failed
 *
 * @example
 * ```ts
 * import { failStray } from "./run.ts";
 * import { fakeHost } from "../../tests/support/host.ts";
 * import assert from "node:assert/strict";
 *
 * const host = fakeHost();
 * assert.equal(await failStray(new TypeError("secret"), { argv: ["exec", "--", "true"], host }), 125);
 * assert.match(host.stderr.text(), /^mlflow-auth: Cannot go on: an unexpected failure in mlflow-auth \(TypeError\); [^\n]+\n$/);
 * ```
 */
export async function failStray(thrown: unknown, { argv, host }: Omit<Failed, "program">): Promise<number> {
  // As in fail().
  if (errorCode(thrown) === "EPIPE") return 1;
  const row = namedCommand(argv);
  if (row?.failureWord !== undefined && !host.stdout.isTerminal()) {
    await printFailureWord(row.failureWord, { argv, host });
  }
  const { message, remedy } = asAuthError(thrown);
  await tell(host, `mlflow-auth: ${message}; ${remedy}\n`);
  return row?.failureStatus ?? 1;
}

interface Failed {
  readonly argv: readonly string[];
  readonly host: Host;
  readonly program: CommandUnknownOpts;
}

/** Why nothing was done; the line to type is only looked for where it is needed. */
async function errorOf(thrown: unknown, { argv, program, command }: Failed & { command: string }): Promise<AuthError> {
  if (!(thrown instanceof CommanderError)) return asAuthError(thrown);
  const { usageError } = await import("./usage.ts");
  return usageError(thrown, { argv, program, command });
}

/** The line to type, with the options that were typed. */
async function remedied(error: AuthError, typed: Failed & { command: string }): Promise<AuthError> {
  if (!error.remedy.includes(`mlflow-auth ${typed.command}`)) return error;
  const { keepOptions } = await import("./kept_options.ts");
  const { code, message, cause } = error;
  return new AuthError(code, { message, remedy: keepOptions(error.remedy, typed), cause });
}

async function fail(thrown: unknown, { argv, host, program }: Failed): Promise<number> {
  // Who reads our output has gone, as after `| head -1`: there is nobody to tell.
  if (errorCode(thrown) === "EPIPE") return 1;
  const row = namedCommand(argv);
  const isUsage = thrown instanceof CommanderError || (thrown instanceof AuthError && thrown.code === "usage");
  const typed = { argv, host, program, command: row?.name ?? "" };
  const error = await remedied(await errorOf(thrown, typed), typed);
  if (row?.failureWord !== undefined && !host.stdout.isTerminal()) {
    await printFailureWord(row.failureWord, { argv, host });
  }
  await tell(host, formatError(error, errorLook(host)));
  if (isUsage || error.code === "terminal-refused") return row?.usageStatus ?? 2;
  const ends = { "command-not-found": 127, "command-not-runnable": 126, "environment-too-large": 126 } as const;
  return ends[error.code as keyof typeof ends] ?? row?.failureStatus ?? 1;
}
