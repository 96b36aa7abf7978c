import { Command, type CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import config from "../../deno.json" with { type: "json" };
import type { Host } from "../core/host.ts";
import { type SettingRow, SETTINGS } from "../core/settings/settings.ts";
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

/** How help looks; a command that changes something of it has to state all of it. */
export const HELP = {
  minWidthToWrap: 20,
  styleTitle: (text: string): string => `\x1b[1m${text}\x1b[0m`,
  subcommandTerm: (command: { readonly name: () => string }): string => command.name(),
} as const;

const ROOT_HELP = `
Example, with the two variables that are needed:
  $ export MLFLOW_AZURE_KEY_VAULT_URL=<url>
  $ export MLFLOW_AZURE_SECRET_NAME=<name>
  $ mlflow-auth exec -- python train.py
Read on: mlflow-auth exec --help, mlflow-auth doctor`;

/**
 * A commander program that prints only through what it is given, never exits, and keeps its errors to itself ({@link usageError}).
 *
 * @param host how wide help may be, and whether in colours
 * @param print takes help and version
 * @returns the program, still without commands
 */
export function makeProgram(host: Pick<Host, "env" | "stdout" | "stderr">, print: (text: string) => void): Command {
  return new Command("mlflow-auth")
    .description("Runs MLflow clients with a credential kept in Azure Key Vault.")
    .version(VERSION, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .addHelpText("after", ROOT_HELP)
    .enablePositionalOptions()
    .exitOverride()
    .configureHelp(HELP)
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
    .option("--log-level <level>", "what to log: DEBUG, INFO (default), WARNING or ERROR");
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
  for (const option of settingOptions()) command.addOption(option.helpGroup(SETTINGS_TITLE));
  command.addOption(new Option("--cache", "let the kernel keep the credential (Linux)").helpGroup(SETTINGS_TITLE));
  const noCache = new Option("--no-cache", "read the secret, and keep nothing (default)").default(undefined);
  command.addOption(noCache.helpGroup(SETTINGS_TITLE));
}

/**
 * Lets the options of settings stand before the command too; help lists them with each command.
 *
 * @param program the program
 */
export function addHiddenSettings(program: CommandUnknownOpts): void {
  for (const option of settingOptions()) program.addOption(option.hideHelp());
}

function settingOptions(): readonly Option[] {
  return SETTINGS.filter(({ flag }) => flag !== undefined && SETTING_FLAGS.includes(flag)).map((row) => {
    const words = row.value === undefined ? row.words?.join("|") ?? "" : "";
    const value = row.value ?? (words.length > 0 && words.length <= 20 ? words : "value");
    const option = new Option(`${row.flag} <${value}>`);
    // Only help reads it, and most command lines ask for none.
    return Object.defineProperty(option, "description", { get: () => `${inSentence(row.doc)}${defaultOf(row)}` });
  });
}

/** The first word as it stands within a sentence; an abbreviation keeps its letters. */
const inSentence = (doc: string): string =>
  /^[A-Z][a-z]*(?=[ ,-])/.test(doc) ? `${doc.charAt(0).toLowerCase()}${doc.slice(1)}` : doc;

function defaultOf({ fallback, unset }: SettingRow): string {
  if (fallback !== undefined) return ` (default: ${String(fallback)})`;
  if (unset === undefined) return "";
  return unset.startsWith("required") ? ` (${unset})` : ` (default: ${unset})`;
}

/**
 * Adds the option of what hands a credential over.
 *
 * @param command the command; call it before {@link addSettingOptions}
 */
export function addFreshOption(command: CommandUnknownOpts): void {
  command.addOption(new Option("--fresh", "read the credential anew, although the kernel keeps one").hideHelp());
}

/** What stands above the options of settings in help. */
const SETTINGS_TITLE = "Settings (also variables, see mlflow-auth info):";

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
