import type { ErrorCode } from "../../../src/core/errors.ts";
import type { Azure } from "../../support/azure/start_azure.ts";
import type { Failure } from "../doctor/failure.ts";

/** What is to be seen once a line has been run. */
export interface Outcome {
  /** What people write in place of what the line leaves to them, such as `<command>`. */
  readonly fill?: Readonly<Record<string, string>> | ((azure: Azure) => Readonly<Record<string, string>>);
  /** What the line itself prints, where it only looks. */
  readonly shows?: RegExp;
  /** The code of the next step, where the line ends one failure and another is left. */
  readonly next?: ErrorCode;
  /** Shell that does before what the remedy's words ask for. */
  readonly before?: string;
  /** What people type where the line asks for it. */
  readonly types?: string;
  /** The line is left running while the program is started again. */
  readonly background?: boolean;
}

/** A failure, and what its remedy does to it; without an outcome the failure is gone. */
export interface State extends Failure, Outcome {
  /** The line's outcome where a remedy holds more than one, by how the line begins. */
  readonly lines?: Readonly<Record<string, Outcome>>;
}
