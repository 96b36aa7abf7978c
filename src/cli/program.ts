import { Command, type CommanderError, type CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import config from "../../deno.json" with { type: "json" };
import { AuthError } from "../core/errors.ts";
import type { Host } from "../core/host.ts";
import { LEVELS } from "../core/log.ts";
import { nearest } from "../core/nearest.ts";
import { SETTINGS } from "../core/settings.ts";
import { fillLines } from "./fill_lines.ts";
import { hasColours } from "./print_error.ts";
import type { GivenOptions } from "./session.ts";

/** The version of the program, from the one place that holds it. */
export const VERSION: string = config.version;

/** Options that every command takes, as commander gives them. */
type Given = Readonly<Record<string, unknown>>;

/** Collects the values of an option that may be given more than once. */
export const collect = (value: string, previous: string[] | undefined): string[] => [...(previous ?? []), value];

/**
 * The options of settings that take a value: one for each row that has a flag, but for `--log-level`, which is global, and
 * `--cache`, which is a switch.
 */
export const SETTING_FLAGS: readonly string[] = SETTINGS.flatMap((row) =>
  row.flag !== undefined && row.key !== "logLevel" && row.key !== "cache" ? [row.flag] : []
);

/**
 * A commander program that prints only through what it is given, never exits, and keeps its errors to itself ({@link asUsageError}).
 *
 * @param host how wide help may be, and whether in colours
 * @param print takes help and version
 * @returns the program, still without commands
 */
export function makeProgram(host: Pick<Host, "env" | "stdout" | "stderr">, print: (text: string) => void): Command {
  const bold = (text: string): string => `\x1b[1m${text}\x1b[0m`;
  return new Command("mlflow-auth")
    .description("Runs MLflow clients with a credential kept in Azure Key Vault.")
    .version(VERSION, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .enablePositionalOptions()
    .exitOverride()
    .configureHelp({
      minWidthToWrap: 20,
      styleTitle: bold,
      subcommandTerm: (command) => command.name(),
    })
    .configureOutput({
      writeOut: print,
      writeErr: () => {},
      outputError: () => {},
      getOutHelpWidth: () => host.stdout.columns(),
      getErrHelpWidth: () => host.stderr.columns(),
      getOutHasColors: () => hasColours(host.stdout, host.env),
      getErrHasColors: () => hasColours(host.stderr, host.env),
    });
}

/**
 * Adds the options that may stand before or after the command.
 *
 * @param command the program, or one of its commands; call it last, after the command's own options
 */
export function addGlobalOptions(command: CommandUnknownOpts): void {
  command
    .option("--env-file <path>", "read settings from a .env file (repeatable)", collect)
    .option("--log-level <level>", `log lines on stderr: ${LEVELS.join(", ")}`);
}

/**
 * Adds the options of settings, and the global ones.
 *
 * @param command a command that reads settings
 */
export function addSettingOptions(command: CommandUnknownOpts): void {
  addGlobalOptions(command);
  command.version(VERSION, "-V, --version", "print the version").helpOption("-h, --help", "print this help");
  // The program's own help names it.
  for (const option of command.options) if (option.long === "--version") option.hideHelp();
  for (const flag of SETTING_FLAGS) command.addOption(new Option(`${flag} <value>`).hideHelp());
  command.addOption(new Option("--cache", "let the kernel keep the credential (Linux)").hideHelp());
  command.addOption(new Option("--no-cache", "read the secret, and keep nothing").default(undefined).hideHelp());
}

/**
 * Adds the option of what hands a credential over.
 *
 * @param command the command; call it before {@link addSettingOptions}
 */
export function addFreshOption(command: CommandUnknownOpts): void {
  command.addOption(new Option("--fresh", "read the credential anew, although the kernel keeps one").hideHelp());
}

/** What help says of the options of settings, which would fill a screen of their own. */
export const SETTINGS_HELP = `
Settings come from the environment, an --env-file or an option (see info):
${fillLines([...SETTING_FLAGS, "--cache", "--no-cache"])}`;

/**
 * What the options on both sides of a command say about settings; the nearer one wins.
 *
 * @param near options after the command
 * @param far options before it
 * @returns the env files of both, and the flags
 */
export function givenOptions(near: Given, far: Given): GivenOptions {
  const flags: Record<string, string> = {};
  for (const flag of [...SETTING_FLAGS, "--log-level"]) {
    const key = flag.slice(2).replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    const value = near[key] ?? far[key];
    if (typeof value === "string") flags[flag] = value;
  }
  const cache = near["cache"] ?? far["cache"];
  if (typeof cache === "boolean") flags["--cache"] = cache ? "keyring" : "off";
  const list = (value: unknown): readonly string[] => Array.isArray(value) ? value.map(String) : [];
  return {
    envFiles: [...list(far["envFile"]), ...list(near["envFile"])],
    flags,
    ...(near["fresh"] === true ? { fresh: true } : {}),
  };
}

/**
 * A failure of the command line as the program's own error. Values of options are left out: somebody may have put a secret there.
 *
 * @param error what commander threw
 * @param command the command that was being read, for the remedy
 * @returns a `usage` error with commander's suggestion
 *
 * @example
 * ```ts
 * import { asUsageError } from "./program.ts";
 * import { CommanderError } from "@commander-js/extra-typings";
 * import assert from "node:assert/strict";
 *
 * const thrown = new CommanderError(1, "commander.unknownOption", "error: unknown option '--tokn=abc'");
 * assert.equal(asUsageError(thrown, "exec").message, 'Cannot understand the command line: unknown option "--tokn"');
 * ```
 */
export function asUsageError(error: CommanderError, command: string): AuthError {
  const [first = "", hint] = error.message.replace(/^error: /, "").split("\n");
  const sentence = first.replace(/'(-[^'=]*)=[^']*'/g, "'$1'").replace(/\.\s.*|\.$/, "").replaceAll("'", '"');
  const suggestion = /Did you mean (?:one of )?(.*)\?/.exec(hint ?? "")?.[1] ?? hiddenOption(sentence);
  return new AuthError("usage", {
    message: `Cannot understand the command line: ${sentence}`,
    remedy: suggestion === undefined ? `mlflow-auth ${command} --help`.replace("  ", " ") : `write ${suggestion}`,
  });
}

/** Commander suggests only what help shows. */
function hiddenOption(sentence: string): string | undefined {
  const unknown = /^unknown option "(.+)"$/.exec(sentence)?.[1];
  const near = unknown === undefined
    ? undefined
    : nearest(unknown, [...SETTING_FLAGS, "--cache", "--no-cache", "--fresh"]);
  return near !== undefined && near.distance <= 2 ? near.word : undefined;
}
