import type { Host, Sink } from "../../src/core/host.ts";

/** A sink that remembers. */
export interface Recorded extends Sink {
  readonly text: () => string;
}

/**
 * A sink that keeps what it is given.
 *
 * @param isTerminal what it says of itself
 * @returns the sink and its text so far
 */
export function recordingSink(isTerminal = false): Recorded {
  let text = "";
  return {
    write: (more) => {
      text += more;
      return Promise.resolve();
    },
    isTerminal: () => isTerminal,
    isLost: () => false,
    columns: () => 80,
    text: () => text,
  };
}

/** A sink that a test brings itself has no text, unless it is a recording one. */
const recorded = (sink: Sink = recordingSink()): Recorded => ({ text: () => "", ...sink });

const missing = (path: string): Error => Object.assign(new Error(`no file ${path}`), { code: "ENOENT" });
const isFolder = (path: string): Error => Object.assign(new Error(`folder ${path}`), { code: "EISDIR" });
const unexpected = (what: string) => (): never => {
  throw new Error(`the test did not expect ${what}`);
};

/** What a fake host is made of; everything else fails when it is used. */
export interface FakeParts extends Partial<Host> {
  /** Files by path, read by {@link Host.readText}. */
  readonly files?: Readonly<Record<string, string>>;
}

/**
 * A world that holds what a test gives it and nothing else.
 *
 * @param parts what the test needs
 * @returns the host, with recording sinks
 */
export function fakeHost(parts: FakeParts = {}): Host & { readonly stdout: Recorded; readonly stderr: Recorded } {
  const { files = {}, ...rest } = parts;
  return {
    platform: "linux",
    build: {
      runtime: "deno",
      runtimeVersion: "2.9.6",
      target: "x86_64-unknown-linux-gnu",
      compiled: false,
      commit: "0123456789ab",
    },
    env: {},
    home: "/home/user",
    now: () => Date.UTC(2026, 0, 2, 3, 4, 5),
    workedMs: () => 0,
    randomHex: () => "0123456789abcdef0123456789abcdef",
    after: () => () => {},
    sleep: unexpected("a sleep"),
    leave: () => Promise.resolve(),
    fetch: unexpected("a request"),
    useProxies: unexpected("a proxy"),
    setVariable: unexpected("a variable of the process"),
    sockets: unexpected("a connection"),
    lookup: unexpected("a look-up"),
    readText: (path) => {
      const text = files[path];
      if (text !== undefined) return Promise.resolve(text);
      const below = Object.keys(files).some((name) => name.startsWith(`${path}/`));
      return Promise.reject(below ? isFolder(path) : missing(path));
    },
    readBytes: (path) => {
      const text = files[path];
      return text === undefined ? Promise.reject(missing(path)) : Promise.resolve(new TextEncoder().encode(text));
    },
    listFolder: (path) => {
      const names = Object.keys(files).filter((name) => name.startsWith(`${path}/`)).map((name) =>
        name.slice(path.length + 1)
      );
      return names.length === 0 ? Promise.reject(missing(path)) : Promise.resolve(names);
    },
    isFile: (path) => Promise.resolve(files[path] !== undefined),
    appendLines: unexpected("an append"),
    keepOwnFile: unexpected("a file of its own"),
    service: unexpected("a service"),
    giveCodeBack: () => Promise.resolve(),
    keyring: () => Promise.resolve(undefined),
    flight: () => Promise.resolve({ is: "alone", because: "it is fake" }),
    exec: unexpected("a command"),
    startSidecar: unexpected("a sidecar"),
    becomeSidecar: unexpected("a sidecar"),
    ancestors: () => [],
    ...rest,
    stdout: recorded(rest.stdout),
    stderr: recorded(rest.stderr),
  };
}
