import { loadFcntl, word } from "../native/native.ts";
import { inheritedFileLimit } from "./process_status.ts";
import type { Start } from "./start.ts";

const SIGPIPE = 13;
const SIGXFSZ = 25;
const SIG_DFL = 0n;
const SIG_IGN = 1n;
const F_GETFD = 1;
const F_SETFD = 2;
const F_GETFL = 3;
const F_SETFL = 4;
const FD_CLOEXEC = 1;
const RLIMIT_NOFILE = 7;

function restoreDescriptors(start: Start, fcntl: ReturnType<typeof loadFcntl>): void {
  start.stdioFlags.forEach((flags, fd) => {
    if (flags >= 0 && fcntl(fd, F_GETFL) !== flags) fcntl(fd, F_SETFL, BigInt(flags));
  });
  for (const fd of start.descriptors) {
    const flags = fcntl(fd, F_GETFD);
    if (flags >= 0) fcntl(fd, F_SETFD, BigInt(flags & ~FD_CLOEXEC));
  }
}

function restoreTerminals({ native, terminals }: Start): void {
  if (terminals.every((modes) => modes === undefined)) return;
  const { tcgetattr } = native.load({ tcgetattr: "ip:i" });
  terminals.forEach((modes, fd) => {
    const now = new Uint8Array(256);
    if (modes === undefined || tcgetattr(fd, now) !== 0) return;
    // Only where it differs: the call itself stops a job that runs in the background.
    if (modes.some((byte, at) => byte !== now[at])) native.load({ tcsetattr: "iip:i" }).tcsetattr(fd, 0, modes);
  });
}

function restoreFileLimit({ native, files }: Start): void {
  const { getrlimit, setrlimit, getppid } = native.load({ getrlimit: "ip:i", setrlimit: "ip:i", getppid: ":i" });
  const limit = new Uint8Array(16);
  const view = new DataView(limit.buffer);
  const parent = files.read(`/proc/${getppid()}/limits`);
  if (parent === undefined || getrlimit(RLIMIT_NOFILE, limit) !== 0) return;
  const own = { soft: view.getBigUint64(0, true), hard: view.getBigUint64(8, true) };
  const before = inheritedFileLimit(own, new TextDecoder().decode(parent));
  if (before === undefined) return;
  view.setBigUint64(0, before.soft, true);
  setrlimit(RLIMIT_NOFILE, limit);
}

/** The last steps before a process is replaced, and what is undone where that failed. */
export interface Restorer {
  readonly restore: () => void;
  /** A write to a broken pipe must not end the program while it says why. */
  readonly undo: () => void;
}

/**
 * Prepares to give back what the process was started with: flags of descriptors, terminal modes, the limit of open files,
 * and, last of all, the dispositions of signals.
 *
 * @param start what it was started with
 * @param raisesFileLimit whether the runtime raises the limit of open files when it starts
 * @returns the steps
 */
export function prepareRestore(start: Start, raisesFileLimit: boolean): Restorer {
  const { native } = start;
  const { signal, sigaction } = native.load({ signal: "ia:a", sigaction: "iap:i" });
  const action = new Uint8Array(256);
  const isIgnored = (number: number): boolean => sigaction(number, 0n, action) === 0 && word(action) === SIG_IGN;
  const fcntl = loadFcntl(native);
  return {
    restore: () => {
      restoreDescriptors(start, fcntl);
      restoreTerminals(start);
      if (raisesFileLimit && !native.darwin) restoreFileLimit(start);
      const runtimeIgnores = start.bun ? [SIGPIPE, SIGXFSZ] : [SIGPIPE];
      for (const number of runtimeIgnores) if (!start.ignored.includes(number)) signal(number, SIG_DFL);
      // To ignore it once more would drop one that is blocked and waits.
      for (const number of start.ignored) if (!isIgnored(number)) signal(number, SIG_IGN);
      for (const number of start.taken) native.load({ raise: "i:i" }).raise(number);
    },
    undo: () => void signal(SIGPIPE, SIG_IGN),
  };
}
