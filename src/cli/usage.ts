import type { CommanderError, CommandUnknownOpts } from "@commander-js/extra-typings";
import { AuthError } from "../core/errors.ts";
import { nearest } from "../core/nearest.ts";
import { isPlainWord } from "./plain_word.ts";

/** Words that are commands elsewhere, and the line that does the same here. */
const INSTEAD: Readonly<Record<string, string>> = {
  run: "mlflow-auth exec -- <command>",
  login: "az login",
  signin: "az login",
  logout: 'eval "$(mlflow-auth export --unset)"',
  unset: 'eval "$(mlflow-auth export --unset)"',
  shell: 'mlflow-auth exec -- "$SHELL"',
  env: "mlflow-auth export",
  print: "mlflow-auth export",
  token: "mlflow-auth export --format json",
  get: "mlflow-auth export --format json",
  config: "mlflow-auth info",
  settings: "mlflow-auth info",
  status: "mlflow-auth doctor",
  check: "mlflow-auth doctor",
  test: "mlflow-auth doctor",
  completion: "mlflow-auth completions bash",
};

/** Options that people expect, and those that they mean; the first that the command has. */
const MEANT: Readonly<Record<string, readonly string[]>> = {
  "--secret": ["--secret-name"],
  "--name": ["--secret-name"],
  "--vault": ["--vault-url"],
  "--vault-name": ["--vault-url"],
  "--keyvault": ["--vault-url"],
  "--env": ["--env-file"],
  "--file": ["--env-file"],
  "--shell": ["--format"],
  "--output": ["--format"],
  "-o": ["--format"],
  "-f": ["--format", "--env-file"],
  "--tracking-uri": ["--dry-run"],
  "--uri": ["--dry-run"],
  "--url": ["--dry-run", "--vault-url"],
  "--mode": ["--auth-mode"],
  "--version-id": ["--secret-version"],
  "--cert": ["--ca-bundle"],
  "--cacert": ["--ca-bundle"],
  "--timeout": ["--deadline"],
  "--verbose": ["--log-level"],
  "--debug": ["--log-level"],
  "-v": ["--log-level"],
  "--port": ["--listen"],
  "--host": ["--listen"],
};

/** What a command line was read with. */
export interface UsageContext {
  readonly argv: readonly string[];
  readonly program: CommandUnknownOpts;
  /** Name of the command that was being read; `""` for none. */
  readonly command: string;
}

/** The first words of a command, as far as they may be shown. */
function shown(words: readonly string[]): string {
  const plain = words.slice(0, 2).map((word) => isPlainWord(word) ? word : "…");
  return [...plain, ...words.length > plain.length ? ["…"] : []].join(" ").replace(/(?: …)+$/, " …");
}

/** An option without its value; of `-phunter2` the `-p` alone. */
const bare = (option: string): string => /^--[A-Za-z-]+/.exec(option)?.[0] ?? option.slice(0, 2);

/** What help was asked for that is none of the commands: `nothing` of `help nothing`. */
const helpFor = ({ argv: [first, second] }: UsageContext): string | undefined => first === "help" ? second : undefined;

/** The options of the command that was typed. */
const optionsOf = ({ program, command }: UsageContext) =>
  (program.commands.find((one) => one.name() === command) ?? program).options;

/** Whether the command has an option of that name, which then takes no value. */
const isKnown = (context: UsageContext, option: string): boolean =>
  optionsOf(context).some(({ long }) => long === option);

/** Whether these are the words that an option of the command is declared by, such as `--format <name>`. */
const isDeclared = (context: UsageContext, words: string): boolean =>
  optionsOf(context).some(({ flags }) => flags === words);

/** An option without its value, as {@link bare}; of `-vault-url` all, as it is one with a dash too few. */
function optionIn(word: string, context: UsageContext): string {
  const [whole = ""] = /^-[a-z][a-z-]+/.exec(word) ?? [];
  return isKnown(context, `-${whole}`) ? whole : bare(word);
}

function sentenceOf({ code, message }: CommanderError, context: UsageContext): string {
  const [, given] = /unknown option '(--[A-Za-z-]+)=/.exec(message) ?? [];
  if (given !== undefined && isKnown(context, given)) return `option "${given}" takes no value`;
  const asked = helpFor(context);
  if (asked !== undefined) return `unknown command${isPlainWord(asked) ? ` "${asked}"` : ""}`;
  // Commander's own words for help that nobody asked for.
  if (/help/i.test(code)) return "no command is named";
  const [line = ""] = message.replace(/^error: /, "").split("\n");
  // A value may hold quotes itself: of an option nobody knows, what comes behind its name is left out first.
  const first = line.replace(/^(unknown option '[^'=]*)[='].*$/s, "$1'");
  return first.replace(
    /'(-[^']*)'/g,
    (_, option: string) => `'${isDeclared(context, option) ? option : optionIn(option, context)}'`,
  )
    .replace(
      /^(unknown command )'(.*)'/,
      (whole, start: string, word: string) => isPlainWord(word) ? whole : start.trim(),
    )
    .replace(/\.\s.*|\.$/, "").replaceAll("'", '"');
}

/** A command line up to its command: `mlflow-auth exec`, with what the command needs behind its options. */
function lineOf(command: string, option = ""): string {
  const words = ["mlflow-auth", command, option, ...command === "exec" ? ["-- <command>"] : []];
  return words.filter((word) => word !== "").join(" ");
}

/** The command that has nearly that name. */
function nearCommand(word: string, { program }: Pick<UsageContext, "program">): string | undefined {
  const near = nearest(word, program.commands.map((command) => command.name()));
  return near !== undefined && near.distance <= 2 ? near.word : undefined;
}

/** The line for a word that is no command. */
function forWord(context: UsageContext, word: string): string {
  const { argv } = context;
  const asked = helpFor(context);
  if (asked !== undefined) return lineOf(nearCommand(asked, context) ?? "", "--help").replace(/ -- .*/, "");
  const at = argv.indexOf(word);
  const rest = argv.slice(at + 1);
  const known = Object.hasOwn(INSTEAD, word) ? INSTEAD[word] : undefined;
  if (word === "run" && rest.length > 0) return `mlflow-auth exec -- ${shown(rest.filter((one) => one !== "--"))}`;
  if (known !== undefined) return known;
  const near = nearCommand(word, context);
  return near === undefined ? `mlflow-auth exec -- ${shown(argv.slice(at))}` : lineOf(near);
}

/** The name of the format that is called so. */
async function formatOf(value: string): Promise<string | undefined> {
  const { findFormat } = await import("../shell/formats/formats.ts");
  return findFormat(value)?.name;
}

/** The line for an option that the command does not have. */
async function forOption(context: UsageContext, option: string): Promise<string | undefined> {
  const { argv, command } = context;
  // Without a command nothing is logged.
  if (option === "-v" && command === "") return lineOf("", "--version");
  const flags = new Map(optionsOf(context).map((one) => [one.long ?? "", one.flags.replace(/^-\w, /, "")]));
  const isNo = (flag: string): boolean => flag.startsWith("--no-");
  const near = nearest(option, [...flags.keys()].filter((flag) => isNo(flag) === isNo(option)));
  const meant = [`-${option}`, ...MEANT[option] ?? []].find((flag) => flags.has(flag)) ??
    (near !== undefined && near.distance <= 2 ? near.word : undefined);
  if (meant === undefined && /^--?(?:tracking-)?ur[il]$/.test(option)) {
    return `MLFLOW_TRACKING_URI=<url> ${lineOf(command)}`;
  }
  if (meant === undefined) return undefined;
  const at = argv.findIndex((word) => bare(word) === option);
  const value = /=(.*)/s.exec(argv[at] ?? "")?.[1] ?? argv[at + 1] ?? "";
  const format = meant === "--format" ? await formatOf(value) : undefined;
  const written = meant === "--log-level" ? "--log-level DEBUG" : flags.get(meant) ?? meant;
  return lineOf(command, format === undefined ? written : `--format ${format}`);
}

async function remedyOf(error: CommanderError, context: UsageContext): Promise<string> {
  const { command, argv } = context;
  const [, kind, word = ""] = /(unknown command|unknown option) '([^']*)'/.exec(error.message) ?? [];
  if (kind === "unknown command") return forWord(context, word);
  if (kind === "unknown option") {
    const option = optionIn(word, context);
    if (isKnown(context, option)) return lineOf(command, option);
    return (await forOption(context, option)) ?? `${lineOf(command).replace(/ -- .*/, "")} --help`;
  }
  const [, missing] = /option '([^']*)' argument missing/.exec(error.message) ?? [];
  if (missing !== undefined) return lineOf(command, missing);
  const url = argv.find((one) => /^https?:\/\/[\w.:-]+\/?$/i.test(one));
  if (command === "doctor" && url !== undefined) return `mlflow-auth doctor --dry-run ${url}`;
  if (command === "exec" && /missing required argument/.test(error.message)) return lineOf(command);
  return `${lineOf(command).replace(/ -- .*/, "")} --help`;
}

/**
 * A failure of the command line as the program's own error, with the line to type. Values of options are left out, and words that may
 * be a secret: somebody may have put one there.
 *
 * @param error what commander threw
 * @param context the command line, and what it was read with
 * @returns a `usage` error
 *
 * @example
 * ```ts
 * import { usageError } from "./usage.ts";
 * import { Command, CommanderError } from "@commander-js/extra-typings";
 * import assert from "node:assert/strict";
 *
 * const program = new Command();
 * program.command("exec");
 * const thrown = new CommanderError(1, "commander.unknownCommand", "error: unknown command 'python'");
 * const error = await usageError(thrown, { argv: ["python", "train.py"], program, command: "" });
 * assert.equal(error.remedy, "mlflow-auth exec -- python train.py");
 * ```
 */
export async function usageError(error: CommanderError, context: UsageContext): Promise<AuthError> {
  return new AuthError("usage", {
    message: `Cannot understand the command line: ${sentenceOf(error, context)}`,
    remedy: await remedyOf(error, context),
  });
}
