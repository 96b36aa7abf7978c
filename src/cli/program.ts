import { Argument, Command, CommanderError, type CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import type { Host } from "../core/host.ts";
import type { Command as OwnCommand, CommandRow } from "./commands/command.ts";
import { COMMANDS } from "./commands/commands.ts";
import { namedCommand } from "./line/named_command.ts";
import { collect, givenOptions, GLOBAL_OPTIONS, type OptionRow, sessionOptions } from "./line/options.ts";
import { print } from "./output.ts";
import { hasColours } from "./print_error.ts";
import { openSession } from "./session.ts";

/** How help looks; a command that changes something of it has to state all of it. */
const HELP = {
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

/** What stands above the options of settings in help. */
const SETTINGS_TITLE = "Settings (also variables, see mlflow-auth info):";

/** Does what a command line that was understood says; what it returns is the exit status. */
type Run = (command: OwnCommand, line: {
  readonly near: Readonly<Record<string, unknown>>;
  readonly far: Readonly<Record<string, unknown>>;
  readonly operands: readonly string[];
}) => Promise<void>;

/** What a program is made with. */
export interface ProgramParts {
  /** How wide help may be, and whether in colours. */
  readonly host: Pick<Host, "env" | "stdout" | "stderr">;
  /** Takes help and version. */
  readonly print?: (text: string) => void;
  readonly run?: Run;
}

/**
 * A commander program that prints only through what it is given, never exits, and keeps its errors to itself.
 */
function makeRoot({ host, print = () => {} }: ProgramParts, version: string): CommandUnknownOpts {
  return new Command("mlflow-auth")
    .description("Runs MLflow clients with a credential kept in Azure Key Vault.")
    .version(version, "-V, --version", "print the version")
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

/** An option of ours as commander's. */
function toOption({ flag, value, many, fallback, hidden, ...row }: OptionRow): Option {
  const option = new Option(value === undefined ? flag : `${flag} <${value}>`);
  if (many === true) option.argParser(collect);
  if (fallback !== undefined) option.default(fallback);
  if (flag.startsWith("--no-")) option.default(undefined);
  return Object.defineProperty(option.hideHelp(hidden === true), "description", { get: () => row.doc });
}

function addCommand(program: CommandUnknownOpts, { name, version, command, run }: {
  readonly name: string;
  readonly version: string;
  readonly command: OwnCommand;
  readonly run: Run;
}): void {
  const made = program.commands.find((one) => one.name() === name) ?? program.command(name);
  made.description(command.description);
  if (command.usage !== undefined) made.usage(command.usage).configureHelp({ ...HELP, visibleArguments: () => [] });
  for (const { name: operand, doc, words } of command.operands ?? []) {
    const argument = new Argument(operand, doc);
    // For the completions alone: a refusal by commander would lose them on its way to the user.
    if (words !== undefined) argument.choices(words).argParser((value: string) => value);
    made.addArgument(argument);
  }
  if (command.startsChild === true) made.passThroughOptions();
  for (const row of [...command.options, ...GLOBAL_OPTIONS]) made.addOption(toOption(row));
  made.version(version, "-V, --version", "print the version").helpOption("-h, --help", "print this help");
  // The program's own help names it, and lists of settings are long.
  for (const option of made.options) if (option.long === "--version") option.hideHelp(command.takesSettings);
  for (const row of command.takesSettings ? sessionOptions() : []) {
    made.addOption(toOption(row).helpGroup(SETTINGS_TITLE));
  }
  if (command.help !== undefined) made.addHelpText("after", `\n${command.help}`);
  made.action(async () => {
    for (const one of [program, made]) refuseDashes(one);
    await run(command, { near: made.opts(), far: program.opts(), operands: made.args });
  });
}

/** An option without its value takes the `--` behind it, and the command after that is read as our own words. */
function refuseDashes(command: CommandUnknownOpts): void {
  const values: Readonly<Record<string, unknown>> = command.opts();
  if (!Object.values(values).some((value) => value === "--" || Array.isArray(value) && value.includes("--"))) return;
  const option = command.options.find((one) => [values[one.attributeName()]].flat().includes("--"));
  if (option === undefined) return;
  throw new CommanderError(1, "commander.optionMissingArgument", `error: option '${option.flags}' argument missing`);
}

/**
 * Makes the program with all that it takes, as it is read from no table of its own but from {@link COMMANDS}.
 *
 * @param parts where help goes, and what happens to a command line that is understood
 * @param rows the commands to read, by default all of them; the others have a name and a summary
 * @returns the program
 */
export async function wholeProgram(parts: ProgramParts, rows = COMMANDS): Promise<CommandUnknownOpts> {
  const { run = () => Promise.resolve() } = parts;
  const { VERSION: version } = await import("./version.ts");
  const program = makeRoot(parts, version);
  for (const { name, summary } of COMMANDS) program.command(name).summary(summary);
  const commands = await Promise.all(rows.map((row) => row.load()));
  for (const [at, command] of commands.entries()) {
    addCommand(program, { name: rows[at]?.name ?? "", version, command, run });
  }
  for (const row of GLOBAL_OPTIONS) program.addOption(toOption(row));
  return program;
}

/** The commands that a command line may speak of: the one that it begins with, none for the first help, else any. */
function spokenOf(argv: readonly string[]): readonly CommandRow[] {
  if (argv.length === 0 || argv.length === 1 && /^(?:-h|--help|-V|--version)$/.test(argv[0] ?? "")) return [];
  const first = COMMANDS.find(({ name }) => name === argv[0]);
  return first === undefined ? COMMANDS : [first];
}

/**
 * Runs a command line that asks for help, has options before its command, or is a mistake.
 *
 * @param argv the arguments, without the program's name
 * @param host the world
 * @returns the exit status
 * @throws {AuthError} `usage`, or whatever the command throws
 */
export async function runProgram(argv: readonly string[], host: Host): Promise<number> {
  const help: string[] = [];
  let status = 0;
  const run: Run = async (command, { near, far, operands }) => {
    const session = await openSession(host, givenOptions(near, far));
    status = await command.run(session, { options: near, operands, host });
  };
  const rows = spokenOf(argv);
  const program = await wholeProgram({ host, print: (text) => void help.push(text), run }, rows);
  // Settings may stand before the command too; one that comes first has them itself.
  if (rows === COMMANDS) { for (const row of sessionOptions()) program.addOption(toOption({ ...row, hidden: true })); }
  try {
    if (argv.length === 0) program.outputHelp();
    else await program.parseAsync(argv, { from: "user" });
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    // Commander throws also when it has printed help or the version.
    if (thrown.exitCode !== 0) {
      const { usageError } = await import("./usage.ts");
      throw await usageError(thrown, { argv, program, command: namedCommand(argv)?.name ?? "" });
    }
  }
  if (help.length > 0) await print(host, help.join(""));
  return status;
}
