import type { Changes } from "../../core/host.ts";

/** What a format may ask about the world in which its text is read. */
export interface FormatContext {
  /** The environment of the caller; formats that cannot unset look here for what must be blanked. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Gives 32 random hexadecimal digits, other ones at each call. */
  readonly random: () => string;
}

/** A way to print variables. Pure: the same changes in the same context give the same text. */
export interface Format {
  /** As `--format` takes it. */
  readonly name: string;
  /** Who reads the text, for help and docs. */
  readonly reader: string;
  /** The line that a user runs. */
  readonly usage: string;
  /**
   * Gives the whole text, final newline included: what is removed first, then what is set, each in the order of the changes.
   * Throws `format-cannot-hold` for a value that would not come back byte for byte.
   */
  readonly print: (changes: Changes, context: FormatContext) => string;
  /** The counterpart; absent where the format cannot say it. Holds no secret. */
  readonly unset?: (names: readonly string[], context: FormatContext) => string;
  /** What stdout must carry when anything fails, newline included, so that the reader fails too; `""` for data, files and CI. */
  readonly failure: string;
  /** Whether its text is for later, as files and CI systems are, and not for the process that reads it now. */
  readonly outlives?: true;
  /** The variable that names the file to which the text is appended; absent: the text goes to stdout. */
  readonly file?: string;
  /** Lines for stderr that hide the values in the log, to be printed before anything else; under `GITHUB_ACTIONS=true` alone. */
  readonly masks?: (changes: Changes) => string;
}
