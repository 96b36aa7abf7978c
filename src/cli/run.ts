import { errorCode } from "../core/error_code.ts";
import { AuthError } from "../core/errors.ts";
import type { Host } from "../core/host.ts";
import { SIDECAR } from "../core/sidecar.ts";
import type { CommandRow } from "./commands/command.ts";
import { COMMANDS } from "./commands/commands.ts";
import { namedCommand } from "./line/named_command.ts";
import { givenOptions } from "./line/options.ts";
import { readWords } from "./line/read_words.ts";
import { print, tell } from "./output.ts";
import { asAuthError, errorLook, formatError } from "./print_error.ts";
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
  try {
    return await run(argv, host);
  } catch (thrown) {
    return await fail(thrown, { argv, host });
  }
}

async function run(argv: readonly string[], host: Host): Promise<number> {
  const command = await COMMANDS.find(({ name }) => name === argv[0])?.load();
  const words = command && readWords(argv.slice(1), command);
  if (command !== undefined && words !== undefined) {
    return await command.run(await openSession(host, givenOptions(words.options)), { ...words, host });
  }
  const { runProgram } = await import("./program.ts");
  return await runProgram(argv, host);
}

/** `help`, `help exec` and `version`, as other programs have them; `--` before a command ends no options of ours. */
function withoutAliases(argv: readonly string[]): readonly string[] {
  const [first, second] = argv;
  if (first === "--") return withoutAliases(argv.slice(1));
  if (first === "version") return ["--version"];
  if (first !== "help") return argv;
  if (second === undefined || second === "help" || second === "version" || second.startsWith("-")) return ["--help"];
  return COMMANDS.some(({ name }) => name === second) ? [second, "--help"] : argv;
}

/** Lets whoever evaluates the output of a command that failed fail too. */
async function printFailureWord(row: CommandRow | undefined, { argv, host }: Failed): Promise<void> {
  if (row?.failureWord === undefined || host.stdout.isTerminal()) return;
  try {
    await print(host, await row.failureWord(argv, host));
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
export async function failStray(thrown: unknown, { argv, host }: Failed): Promise<number> {
  // As in fail().
  if (errorCode(thrown) === "EPIPE") return 1;
  const row = namedCommand(argv);
  await printFailureWord(row, { argv, host });
  const { message, remedy } = asAuthError(thrown);
  await tell(host, `mlflow-auth: ${message}; ${remedy}\n`);
  return row?.failureStatus ?? 1;
}

interface Failed {
  readonly argv: readonly string[];
  readonly host: Host;
}

/** The line to type, with the options that were typed; they are only looked for where there is one. */
async function remedied(
  error: AuthError,
  { argv, host, row }: Failed & { row: CommandRow | undefined },
): Promise<AuthError> {
  const command = row?.name ?? "";
  if (!error.remedy.includes(`mlflow-auth ${command}`)) return error;
  const { keepOptions } = await import("./kept_options.ts");
  const { wholeProgram } = await import("./program.ts");
  const { code, message, cause } = error;
  const remedy = keepOptions(error.remedy, { argv, program: await wholeProgram({ host }, row && [row]), command });
  return new AuthError(code, { message, remedy, cause });
}

async function fail(thrown: unknown, { argv, host }: Failed): Promise<number> {
  // Who reads our output has gone, as after `| head -1`: there is nobody to tell.
  if (errorCode(thrown) === "EPIPE") return 1;
  const row = namedCommand(argv);
  const error = await remedied(asAuthError(thrown), { argv, host, row });
  await printFailureWord(row, { argv, host });
  await tell(host, formatError(error, errorLook(host)));
  if (error.code === "usage" || error.code === "terminal-refused") return row?.usageStatus ?? 2;
  const ends = { "command-not-found": 127, "command-not-runnable": 126, "environment-too-large": 126 } as const;
  return ends[error.code as keyof typeof ends] ?? row?.failureStatus ?? 1;
}
