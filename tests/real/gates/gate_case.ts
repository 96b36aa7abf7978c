import type { ErrorCode } from "../../../src/core/errors.ts";
import type { Stage } from "./stage.ts";

/** Variables by name; an empty one counts as not set. */
export type Variables = Readonly<Record<string, string>>;

/** What somebody has set. */
export interface Setup {
  /** The tracking URI, or what of it stands behind the stub's address: `stub:fine`. */
  readonly uri?: string;
  readonly env?: Variables;
  /** Text of the secret; the token that most servers take, unless asked for otherwise. */
  readonly secret?: string;
}

/** One meeting of a client with a server: what doctor has to say of it, and how it is mended. */
export interface GateCase {
  /** In plain words; what is tried. */
  readonly name: string;
  /** What is set; `undefined` where this machine has not got the gate. */
  readonly setup: (stage: Stage) => Setup | undefined;
  /** The code of the finding that fails, or `pass`. */
  readonly expect: ErrorCode | "pass";
  /** A code that is warned of, for `pass`. */
  readonly warns?: ErrorCode;
  /** Whether doctor withholds the credential, so that its verdict says nothing of it. */
  readonly notShown?: true;
  /** What the remedy says, and what is set when it has been done. */
  readonly remedy?: { readonly says: RegExp; readonly done?: (stage: Stage) => Setup };
}
