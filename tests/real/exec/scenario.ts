/** A build of which a difference is known: compiled Deno keeps everything. */
export type Runtime = "deno" | "bun";

/** A state to start a command in, once directly and once through the program. */
export interface Scenario {
  readonly name: string;
  /** Operations of `launch.c`. `{cwd}`, `{home}`, `{tmp}` and `{base}` are replaced. */
  readonly operations?: readonly string[];
  /** The command; by default the probe. `{probe}` is its path, `{dump}` the file that it writes. */
  readonly command?: readonly string[];
  /** Arguments that follow, in bytes where they are no text. */
  readonly bytes?: readonly Uint8Array<ArrayBuffer>[];
  /** What starts the command: a program with arguments, in one of which `CMD` stands for the quoted command. */
  readonly shell?: readonly string[];
  /** Entries of the environment after PATH, HOME and TMPDIR. */
  readonly environ?: readonly (string | Uint8Array<ArrayBuffer>)[];
  /** Entries in place of PATH, HOME and TMPDIR. */
  readonly bare?: readonly string[];
  /** Files of the working folder. */
  readonly files?: Readonly<Record<string, string>>;
  /** Facts that depend on who is faster. */
  readonly unstable?: readonly string[];
  /** What is known to differ, and is counted apart: of every build, or of one. */
  readonly soft?: true | Runtime;
}

/** A command that cannot be run. */
export interface Failure extends Scenario {
  readonly command: readonly string[];
  readonly status: 126 | 127;
  /** What standard error has to say besides the command's name. */
  readonly says: RegExp;
  /** Length of the token that the program has to set, where it matters. */
  readonly tokenBytes?: number;
}

/** Bytes written as text in which `\xHH` stands for one byte. */
export function bytes(text: string): Uint8Array<ArrayBuffer> {
  const parts = text.split(/\\x([0-9a-f]{2})/i).map((part, index) =>
    index % 2 === 0 ? new TextEncoder().encode(part) : new Uint8Array([parseInt(part, 16)])
  );
  return new Uint8Array(parts.flatMap((part) => [...part]));
}
