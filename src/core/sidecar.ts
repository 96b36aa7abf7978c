/** The word that makes the program a sidecar; the id and the start of its owner follow. */
export const SIDECAR = "sidecar";

/** How a sidecar is started. */
export interface SidecarStart {
  /** Process id of its owner; by default this process, whatever that becomes. */
  readonly owner?: number | undefined;
  /** Whether it may write to our standard error, which it otherwise does not get. */
  readonly logs?: boolean;
}

/** This program once more, as a process of its own that ends with its owner: as who started it sees it. */
export interface Sidecar {
  /** Hands it a line, which no other process can read. */
  readonly send: (line: string) => void;
  /** Waits for its line; `undefined` where it ended, or took longer than that many milliseconds. */
  readonly answer: (withinMs: number) => string | undefined;
  /** Leaves it to itself and its owner. */
  readonly leave: () => void;
  /** Has it end, and waits until it has. */
  readonly end: () => void;
}

/** The same process as it sees itself. */
export interface OwnSidecar {
  /** The working folder of who started it; its own is the root, so that it keeps no file system busy. */
  readonly cwd: string;
  /** The first line it was handed; `undefined` where who started it is gone. */
  readonly message: Promise<string | undefined>;
  /** Says one line to who started it. */
  readonly answer: (line: string) => void;
  /** Settles when it has to end: its owner did, or who started it says so or did not get to leaving it alone. */
  readonly over: Promise<void>;
  /** Ends the process, whatever is still open. */
  readonly exit: (status: number) => void;
}
