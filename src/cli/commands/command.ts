import type { Host } from "../../core/host.ts";
import type { OptionRow, OptionsOf, ReadOptions } from "../line/options.ts";
import type { Session } from "../session.ts";

/** What a command line gives a command besides its settings. */
export interface Given<Options = ReadOptions> {
  /** Values of the command's own options. */
  readonly options: Options;
  /** The words that are no options, and what follows `--`. */
  readonly operands: readonly string[];
  /** The world, without what env files hold for the command. */
  readonly host: Host;
}

/** A word that a command takes behind its options. */
export interface Operand {
  /** `<command>` has to be given, `[code]` may be, `[arg...]` are all that follow. */
  readonly name: string;
  readonly doc: string;
  /** The words that it may be, for completions. */
  readonly words?: readonly string[];
}

/** What a command is: what its help says, what it takes, and what it does. */
export interface Command<Rows extends readonly OptionRow[] = readonly OptionRow[]> {
  readonly description: string;
  /** How it is called; made of the others where it is left out. Operands have no list in help then. */
  readonly usage?: string;
  readonly operands?: readonly Operand[];
  /** Whether all from the first operand on is somebody else's command line. */
  readonly startsChild?: true;
  readonly options: Rows;
  /** Whether it takes the options of settings. */
  readonly takesSettings: boolean;
  /** What help says at its end. */
  readonly help?: string;
  /** Does it; what it returns becomes the exit status. */
  run(session: Session, given: Given<OptionsOf<Rows>>): Promise<number>;
}

/**
 * A command whose options are read by the types of its rows.
 *
 * @param command the command
 * @returns the same
 */
export const makeCommand = <const Rows extends readonly OptionRow[]>(command: Command<Rows>): Command => command;

/** One command: its name, what the first help says of it, where it is, and how it ends when it fails. */
export interface CommandRow {
  readonly name: string;
  readonly summary: string;
  /** What it is; only `exec`, which has to start fastest, is not read for it. */
  readonly load: () => Promise<Command>;
  /** Exit status for a failure of ours; a usage error of the others is 2. */
  readonly failureStatus: number;
  readonly usageStatus: number;
  /** What stdout must carry when the command fails and no terminal reads it, so that the reader fails too. */
  readonly failureWord?: (argv: readonly string[], host: Host) => Promise<string>;
}
