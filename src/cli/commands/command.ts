import type { Command, CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Host } from "../../core/host.ts";
import type { Session } from "../session.ts";

/** What a command is given to add itself with. */
export interface CommandLine {
  readonly program: Command;
  readonly host: Host;
  /** Runs a command's body with its session; what it returns becomes the exit status. */
  readonly run: (command: CommandUnknownOpts, body: (session: Session) => Promise<number>) => Promise<void>;
}

/** One command: its name, how it is added, and how it ends when it fails. */
export interface CommandRow {
  readonly name: string;
  readonly add: (line: CommandLine) => void;
  /** Exit status for a failure of ours; a usage error of the others is 2. */
  readonly failureStatus: number;
  readonly usageStatus: number;
  /** What stdout must carry when the command fails and no terminal reads it, so that the reader fails too. */
  readonly failureWord?: (argv: readonly string[], host: Host) => string;
}
