import process from "node:process";
import type { Build } from "../../core/host.ts";
import { SIDECAR, type Sidecar, type SidecarStart } from "../../core/sidecar.ts";
import { editEntries, splitAtNul } from "../exec/environment_entries.ts";
import { pendingSignals } from "../exec/pending_signals.ts";
import type { Start } from "../exec/start.ts";
import { loadFcntl, type Native } from "../native/native.ts";
import { describeOwner, openPidfd, type Owner } from "./owner.ts";
import { makePipe, readLine, writeAll } from "./pipe.ts";
import { type Apart, spawnApart } from "./spawn_apart.ts";

/** The word after {@link SIDECAR} that makes the program start one and end, where there is no shell to do so. */
export const APART = "apart";
/** Which descriptor of a sidecar tells that its owner has ended. */
export const OWNER_FD = 3;

/** What runtimes take for a descriptor or an order of their own. */
const OF_RUNTIMES = ["NODE_CHANNEL_FD", "NODE_CHANNEL_SERIALIZATION_MODE", "NODE_UNIQUE_ID", "BUN_INSPECT"];

const F_DUPFD_CLOEXEC = 1030;
const SIGCHLD = 17;
const END_MS = 2000;

/**
 * Ends at once, so that the sidecar is a child of nobody who would notice. Signals that reach a whole job, a unit or a container are
 * not for the sidecar, which ends with its owner. A shell's job in the background has no input, hence the descriptor in between.
 */
const SHELL = `exec 4<&0; trap '' HUP INT QUIT TERM USR1 USR2 ALRM; "$@" <&4 4<&- &`;

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** The words that start this program, in bytes: its own command line but for its arguments. */
function ownWords({ files }: Start, compiled: boolean): readonly Uint8Array<ArrayBuffer>[] {
  const given = process.argv.length - 2;
  const line = compiled ? undefined : files.read("/proc/self/cmdline");
  const words = line === undefined ? [] : splitAtNul(line);
  // From source on a system without /proc, which only developers have.
  const source = compiled ? [] : words.length > given ? words.slice(1, words.length - given) : fromSource();
  return [encode(process.execPath), ...source];
}

const fromSource = (): readonly Uint8Array<ArrayBuffer>[] => ["run", "-A", process.argv[1] ?? ""].map(encode);

/** Waits for a process that ends by itself, and takes the signal that says so where it was not there before. */
function reap(native: Native, { pid, pending }: { readonly pid: number; readonly pending: boolean }): void {
  const { waitpid } = native.load({ waitpid: "ipi:i" });
  waitpid(pid, new Uint8Array(8), 0);
  if (native.darwin || pending || !pendingSignals(native).includes(SIGCHLD)) return;
  const set = new Uint8Array(128);
  set[2] = 1;
  native.load({ sigtimedwait: "pap:i" }).sigtimedwait(set, 0n, new Uint8Array(16));
}

/**
 * Starts a process whose parent is this program's nearest ancestor that adopts orphans: what starts it has ended when this returns.
 *
 * @param native the C library
 * @param apart the program
 * @throws Error where nothing could be started
 */
export function spawnOrphan(native: Native, apart: Apart): void {
  const pending = !native.darwin && pendingSignals(native).includes(SIGCHLD);
  const shell = { ...apart, path: "/bin/sh", argv: [...["sh", "-c", SHELL, "sh"].map(encode), ...apart.argv] };
  let spawned = spawnApart(native, shell);
  if ("errno" in spawned) {
    // An image without a shell: the program itself starts its sidecar, which takes as long again.
    const at = apart.argv.findLastIndex((word) => new TextDecoder().decode(word) === SIDECAR);
    const argv = [...apart.argv.slice(0, at + 1), encode(APART), ...apart.argv.slice(at + 1)];
    spawned = spawnApart(native, { ...apart, argv });
  }
  if ("errno" in spawned) throw new Error(`system error ${spawned.errno}`);
  reap(native, { pid: spawned.pid, pending });
}

/**
 * Starts the sidecar in place of a shell. To be done by a process that then ends.
 *
 * @param start what this process was started with
 * @param options the id and the start of the owner, and this build
 */
export function startInPlaceOfShell(start: Start, options: { readonly owner: Owner; readonly build: Build }): void {
  const { pid, started } = options.owner;
  spawnApart(start.native, {
    path: process.execPath,
    argv: [...ownWords(start, options.build.compiled), ...[SIDECAR, String(pid), started].map(encode)],
    entries: start.entries,
    descriptors: [0, 1, OWNER_FD].map((fd) => [fd, fd] as const),
  });
}

/**
 * Starts this program once more, beside its caller: in a session of its own, a child of nobody here, with no descriptor of ours. It
 * ends when its owner does.
 *
 * @param start what this process was started with
 * @param options the owner and what the sidecar may write to; this build; the clock
 * @returns the sidecar, which has not said anything yet
 * @throws Error where the system starts no process
 */
export function startSidecar(
  start: Start,
  options: SidecarStart & { readonly build: Build; readonly now: () => number },
): Sidecar {
  const { native, files } = start;
  const { close } = native.load({ close: "i:i" });
  const owner = describeOwner(files, options.owner ?? process.pid);
  const [orders, answers] = [makePipe(native), makePipe(native)];
  const opened = openPidfd(native, owner.pid);
  // Out of the way of what the sidecar gets.
  const pidfd = opened === undefined ? undefined : loadFcntl(native)(opened, F_DUPFD_CLOEXEC, 10n);
  const words = [SIDECAR, String(owner.pid), owner.started].map(encode);
  try {
    spawnOrphan(native, {
      path: process.execPath,
      argv: [...ownWords(start, options.build.compiled), ...words],
      entries: editEntries(start.entries, { set: [], remove: OF_RUNTIMES }),
      descriptors: [
        [orders.reader, 0],
        [answers.writer, 1],
        ...(options.logs === true ? [[2, 2] as const] : []),
        ...(pidfd === undefined ? [] : [[pidfd, OWNER_FD] as const]),
      ],
    });
  } finally {
    for (const fd of [orders.reader, answers.writer, opened, pidfd]) if (fd !== undefined) close(fd);
  }
  const say = (line: string): boolean => writeAll(native, { fd: orders.writer, text: `${line}\n` });
  const read = (withinMs: number): string | undefined =>
    readLine(native, { fd: answers.reader, untilMs: options.now() + withinMs, now: options.now });
  return {
    send: say,
    answer: read,
    leave: () => void say("leave"),
    end: () => {
      say("end");
      close(orders.writer);
      while (read(END_MS) !== undefined);
      close(answers.reader);
    },
  };
}
