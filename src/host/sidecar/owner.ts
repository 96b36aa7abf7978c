import type { Native } from "../native/native.ts";
import type { SystemFiles } from "../system_files.ts";
import { isReadable } from "./pipe.ts";

const PIDFD_OPEN = 434n;
const EVFILT_PROC = -5;
const EV_ADD = 1;
const NOTE_EXIT = 0x80000000;
const KEVENT_BYTES = 32;

/** A process whose end is waited for. */
export interface Owner {
  readonly pid: number;
  /** When it started, in the system's own unit, so that a later process of the same id is told from it; `""` where that is not known. */
  readonly started: string;
}

/**
 * Reads when a process started from `/proc/PID/stat`, whose second field is a name in parentheses that may hold anything.
 *
 * @param stat text of the file
 * @returns the start, in ticks since the system did; `undefined` where the process has ended and only its parent does not know
 */
export function startOf(stat: string): string | undefined {
  const [state = "", ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return /^[ZXx]$/.test(state) ? undefined : fields[18];
}

function statOf(files: Pick<SystemFiles, "read">, pid: number): string | undefined {
  const stat = files.read(`/proc/${pid}/stat`);
  return stat === undefined ? undefined : startOf(new TextDecoder().decode(stat));
}

/**
 * Describes a process so that it can be found again.
 *
 * @param files reader of `/proc`
 * @param pid its id
 * @returns the process
 */
export function describeOwner(files: Pick<SystemFiles, "read">, pid: number): Owner {
  return { pid, started: statOf(files, pid) ?? "" };
}

/**
 * Opens what tells of a process' end, and cannot mean another one.
 *
 * @param native the C library
 * @param pid the process
 * @returns a descriptor, or `undefined` where the system has none: macOS, Linux before 5.3, a container that forbids it
 * @see https://man7.org/linux/man-pages/man2/pidfd_open.2.html
 */
export function openPidfd(native: Native, pid: number): number | undefined {
  if (native.darwin) return undefined;
  const { syscall } = native.load({ syscall: "aaa:l" });
  const fd = Number(BigInt.asIntN(64, BigInt(syscall(PIDFD_OPEN, BigInt(pid), 0n))));
  return fd < 0 ? undefined : fd;
}

/** Asks a queue of macOS. Not tested. */
function watchWithKqueue(native: Native, pid: number): () => boolean {
  const { kqueue, kevent } = native.load({ kqueue: ":i", kevent: "ipipip:i" });
  const queue = Number(kqueue());
  const change = new Uint8Array(KEVENT_BYTES);
  const view = new DataView(change.buffer);
  view.setBigUint64(0, BigInt(pid), true);
  view.setInt16(8, EVFILT_PROC, true);
  view.setUint16(10, EV_ADD, true);
  view.setUint32(12, NOTE_EXIT, true);
  const [event, noTime] = [new Uint8Array(KEVENT_BYTES), new Uint8Array(16)];
  // Where the process has ended already, it cannot be waited for.
  if (Number(kevent(queue, change, 1, event, 0, noTime)) < 0) return () => true;
  return () => Number(kevent(queue, change, 0, event, 1, noTime)) > 0;
}

/**
 * Says whether a process has ended.
 *
 * @param native the C library
 * @param files reader of `/proc`
 * @param owner the process, and its pidfd where the system has one
 * @returns a question that costs microseconds; a process that only its parent has not noticed has ended
 */
export function watchOwner(
  native: Native,
  files: Pick<SystemFiles, "read">,
  owner: Owner & { readonly pidfd: number | undefined },
): () => boolean {
  const { pidfd, pid, started } = owner;
  if (pidfd !== undefined) return () => isReadable(native, { fd: pidfd, timeoutMs: 0 });
  return native.darwin ? watchWithKqueue(native, pid) : () => statOf(files, pid) !== started;
}
