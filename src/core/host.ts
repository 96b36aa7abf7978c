import type { Flight } from "./flight.ts";
import type { Keyring } from "./keyring.ts";
import type { Network } from "./network.ts";
import type { ProxyRoute } from "./proxy_route.ts";
import type { Secret } from "./secret.ts";
import type { Service } from "./service.ts";
import type { OwnSidecar, Sidecar, SidecarStart } from "./sidecar.ts";
import type { Sockets } from "./sockets.ts";

export type { Network } from "./network.ts";

/** What a command's environment gains and loses. */
export interface Changes {
  /** Variables to set, in the order in which they are printed. */
  readonly set: readonly (readonly [name: string, value: Secret])[];
  /** Variables to remove; a name that is not set is no error. */
  readonly remove: readonly string[];
  /** Variables that must not be there twice: a runtime that takes the last of duplicates would see another than was judged. */
  readonly once?: readonly string[];
}

/** Why a command did not start. */
export interface ExecFailure {
  /**
   * `not-found` ends with status 127, the others with 126.
   */
  readonly kind: "not-found" | "not-runnable" | "too-large";
  /** What the system said, in lower case and without a period: `permission denied`. */
  readonly reason: string;
  /** The variable that is too large, for `too-large` where one is to blame. */
  readonly variable?: string;
}

/** The end of a command that had to be run as a child (Windows, or no FFI): the status to exit with. */
export interface Exited {
  readonly status: number;
}

/** A process, as far as the system tells of it. */
export interface Process {
  /** Path of its executable, or `""` where the system does not tell. */
  readonly exe: string;
  /** Its arguments, `argv[0]` first; empty where the system does not tell. */
  readonly argv: readonly string[];
  /** Its command name, as the system shortens it. */
  readonly comm: string;
}

/** A process above this one. */
export interface Ancestor extends Process {
  readonly pid: number;
  /** Where its memory lies: a fork has what its parent has, a program that was started has its own. `""` where it is not known. */
  readonly layout: string;
}

/** Where text goes. */
export interface Sink {
  /** Writes all of the text before it settles. */
  readonly write: (text: string) => Promise<void>;
  readonly isTerminal: () => boolean;
  /** Whether nobody can read it: the descriptor was closed when the program started. */
  readonly isLost: () => boolean;
  /** Width in characters; 80 where it is not known. */
  readonly columns: () => number;
}

/** What a file of this user alone holds, or why it is none. */
export type OwnFile =
  | { readonly text: string; readonly flaw?: undefined }
  | { readonly text?: undefined; readonly flaw: string };

/** The build that runs. */
export interface Build {
  readonly runtime: "deno" | "bun";
  /** Version of the runtime. */
  readonly runtimeVersion: string;
  /** Such as `x86_64-unknown-linux-gnu`. */
  readonly target: string;
  /** Whether this is a compiled executable. */
  readonly compiled: boolean;
  /** Commit that it was built from; `undefined` where the build did not tell. */
  readonly commit: string | undefined;
}

/** The world outside the process, as plain functions. A function takes the narrowest part of it that it uses. */
export interface Host {
  readonly platform: "linux" | "darwin" | "windows" | "other";
  readonly build: Build;
  /** The environment, copied at start. What a command gets is edited as raw bytes by {@link Host.exec}. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's home folder, or `undefined` where none is known. */
  readonly home: string | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  /**
   * Milliseconds by a clock that nobody sets, less those for which this process could have run and had no processor (where the
   * system tells). Only differences mean anything.
   */
  readonly workedMs: () => number;
  /** 32 random hexadecimal digits, from the system's secure source; other ones at each call. */
  readonly randomHex: () => string;
  /** Runs something after `ms` milliseconds; what comes back calls it off. */
  readonly after: (ms: number, run: () => void) => () => void;
  /** Settles after `ms` milliseconds, or as soon as the signal aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Lets requests that were begun leave: under Deno they do only while nothing else runs, such as the reading of a package. */
  readonly leave: () => Promise<void>;
  /** Sends one request. Follows no redirect. Rejects with the runtime's own error. */
  readonly fetch: (request: Request, network?: Network) => Promise<Response>;
  /**
   * Says which way requests go; until then they go directly, whatever variables there are. The proxy variables are set for this
   * process, for packages and programs that look there.
   */
  readonly useProxies: (route: ProxyRoute, variables: Readonly<Record<string, string>>) => void;
  /** Sets a variable of this process alone, for a package that looks at its environment; the command does not get it. */
  readonly setVariable: (name: string, value: string) => void;
  /** Connections of one's own; what makes them is read when it is asked for. */
  readonly sockets: () => Promise<Sockets>;
  /** The addresses of a host name; rejects with the system's error. */
  readonly lookup: (hostname: string) => Promise<readonly string[]>;
  /** The text of a file, as UTF-8; rejects with an error whose `code` is `ENOENT`, `EACCES`, `EISDIR`, … */
  readonly readText: (path: string) => Promise<string>;
  /** The bytes of a file; rejects as {@link Host.readText} does. */
  readonly readBytes: (path: string) => Promise<Uint8Array<ArrayBuffer>>;
  /** Names of what a folder holds; rejects with an error whose `code` is `ENOENT`, `ENOTDIR`, `EACCES`, … */
  readonly listFolder: (path: string) => Promise<readonly string[]>;
  /** Whether there is a file of this name; false where the system does not tell. */
  readonly isFile: (path: string) => Promise<boolean>;
  /** Appends lines to a file that exists, on a line of their own; rejects where they are not there afterwards. */
  readonly appendLines: (path: string, text: string) => Promise<void>;
  /** Creates a file for this user alone (0600), or reads the one that is there; rejects with the system's error. */
  readonly keepOwnFile: (path: string, text: string) => Promise<OwnFile>;
  /** Makes this process one that runs until it is stopped. */
  readonly service: () => Promise<Service>;
  /** Gives the memory back of code that was needed up to now: for a process that goes on, and needs little of it. */
  readonly giveCodeBack: () => Promise<void>;
  /** What the kernel keeps for this user; `undefined` where there is no such thing (elsewhere than on Linux). */
  readonly keyring: () => Promise<Keyring | undefined>;
  /** Joins the processes of this user that want the same at this moment; `name` says what. */
  readonly flight: (name: string) => Promise<Flight>;
  /** Becomes the command; comes back only with the reason why it could not, or (where it must spawn) with its status. */
  readonly exec: (argv: readonly string[], changes: Changes) => Promise<ExecFailure | Exited>;
  /**
   * Starts this program once more as a process of its own, which ends with its owner: by default with this process, whatever that
   * becomes. `undefined` where a process cannot be replaced, so that this one stays there anyway.
   */
  readonly startSidecar: (start?: SidecarStart) => Promise<Sidecar | undefined>;
  /** Makes this process the sidecar that these arguments start; `undefined` where they start none, or had to start one more. */
  readonly becomeSidecar: (args: readonly string[]) => Promise<OwnSidecar | undefined>;
  /** The processes above this one, the parent first, at most 12. */
  readonly ancestors: () => readonly Ancestor[];
  readonly stdout: Sink;
  readonly stderr: Sink;
}
