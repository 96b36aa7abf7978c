import { CommanderError } from "@commander-js/extra-typings";
import { errorCode } from "../core/error_code.ts";
import { AuthError } from "../core/errors.ts";
import type { Host } from "../core/host.ts";
import { SIDECAR } from "../core/sidecar.ts";
import type { CommandLine, CommandRow } from "./commands/command.ts";
import { COMMANDS } from "./commands/commands.ts";
import { print, tell } from "./output.ts";
import { asAuthError, formatError, hasColours } from "./print_error.ts";
import { addGlobalOptions, asUsageError, givenOptions, makeProgram } from "./program.ts";
import { openSession } from "./session.ts";

/**
 * Runs one command line. The one place that catches and prints.
 *
 * @param argv the arguments, without the program's name
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
export async function main(argv: readonly string[], host: Host): Promise<number> {
  if (argv[0] === SIDECAR) return await (await import("./proxied/run_sidecar.ts")).runSidecar(argv.slice(1), host);
  let status = 0;
  const help: string[] = [];
  const program = makeProgram(host, (text) => void help.push(text));
  const run: CommandLine["run"] = async (command, body) => {
    status = await body(await openSession(host, givenOptions(command.opts(), program.opts())));
  };
  // The others would only be made in vain, but for what speaks of all of them: help before a command, and completions.
  const first = COMMANDS.find(({ name }) => name === argv[0] && name !== "completions");
  for (const command of first === undefined ? COMMANDS : [first]) command.add({ program, host, run });
  addGlobalOptions(program);
  try {
    if (argv.length === 0) program.outputHelp();
    else await program.parseAsync(argv, { from: "user" }).catch(unlessAnswered);
    if (help.length > 0) await print(host, help.join(""));
    return status;
  } catch (thrown) {
    return await fail(thrown, argv, host);
  }
}

/** Commander throws also when it has printed help or the version. */
function unlessAnswered(thrown: unknown): void {
  if (!(thrown instanceof CommanderError) || thrown.exitCode !== 0) throw thrown;
}

/** The command of a command line that could not be understood: its first word that is none of an option or an option's value. */
function namedCommand(argv: readonly string[]): CommandRow | undefined {
  const at = argv.findIndex((word, index) =>
    !word.startsWith("-") && !/^--(env-file|log-level)$/.test(argv[index - 1] ?? "")
  );
  return COMMANDS.find((row) => row.name === argv[at]);
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

async function fail(thrown: unknown, argv: readonly string[], host: Host): Promise<number> {
  // Who reads our output has gone, as after `| head -1`: there is nobody to tell.
  if (errorCode(thrown) === "EPIPE") return 1;
  const row = namedCommand(argv);
  const isUsage = thrown instanceof CommanderError || (thrown instanceof AuthError && thrown.code === "usage");
  const error = thrown instanceof CommanderError ? asUsageError(thrown, row?.name ?? "") : asAuthError(thrown);
  if (row?.failureWord !== undefined && !host.stdout.isTerminal()) {
    await printFailureWord(row.failureWord, { argv, host });
  }
  await tell(host, formatError(error, hasColours(host.stderr, host.env)));
  if (isUsage || error.code === "terminal-refused") return row?.usageStatus ?? 2;
  const ends = { "command-not-found": 127, "command-not-runnable": 126, "environment-too-large": 126 } as const;
  return ends[error.code as keyof typeof ends] ?? row?.failureStatus ?? 1;
}
