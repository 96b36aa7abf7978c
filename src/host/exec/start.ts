import { splitAtNul } from "./environment_entries.ts";
import { loadFcntl, type Native, word } from "../native/native.ts";
import { openDescriptors } from "../native/open_descriptors.ts";
import { openNative } from "../native/open_native.ts";
import { pendingSignals, takePending } from "./pending_signals.ts";
import { handedOn, signalsIn } from "./process_status.ts";
import { makeSystemFiles, type SystemFiles } from "../system_files.ts";
import { readLibcEnvironment } from "../native/libc_environment.ts";

const SIGPIPE = 13;
const SIGXFSZ = 25;
const SIG_DFL = 0n;
const SIG_IGN = 1n;
const F_GETFL = 3;
const PR_SET_DUMPABLE = 4;
const STDIO = [0, 1, 2] as const;

/** What this process was started with and the runtime may change: what a command has to get back. */
export interface Start {
  readonly native: Native;
  readonly files: SystemFiles;
  /** The environment in bytes, before anything sets a variable. */
  readonly entries: readonly Uint8Array<ArrayBuffer>[];
  /** Signals that were ignored before the runtime started, as far as that is known. */
  readonly ignored: readonly number[];
  /** Status flags of descriptors 0 to 2; -1 where one is closed. */
  readonly stdioFlags: readonly number[];
  /** `struct termios` of descriptors 0 to 2; `undefined` where one is no terminal. */
  readonly terminals: readonly (Uint8Array<ArrayBuffer> | undefined)[];
  /** Descriptors above 2 that Bun has marked to be closed. */
  readonly descriptors: readonly number[];
  /** Signals that waited and were taken, for Bun alone. */
  readonly taken: readonly number[];
  readonly bun: boolean;
}

function parentIgnores(native: Native, files: SystemFiles): readonly number[] {
  const { getppid } = native.load({ getppid: ":i" });
  const status = files.read(`/proc/${getppid()}/status`);
  return status === undefined ? [] : handedOn(new TextDecoder().decode(status));
}

/** What this process does with signals now: the numbers of those it ignores and of those it catches. */
interface Dispositions {
  readonly ignored: readonly number[];
  readonly caught: readonly number[];
}

function askedOneByOne(native: Native): Dispositions {
  const { sigaction } = native.load({ sigaction: "iap:i" });
  const action = new Uint8Array(256);
  const handlers = Array.from({ length: native.darwin ? 31 : 64 }, (_, at) => at + 1).map((signal) =>
    // Fails for 32 and 33, which the C library keeps to itself. The handler is the first member.
    [signal, sigaction(signal, 0n, action) === 0 ? word(action) : SIG_DFL] as const
  );
  return {
    ignored: handlers.filter(([, handler]) => handler === SIG_IGN).map(([signal]) => signal),
    caught: handlers.filter(([, handler]) => handler !== SIG_IGN && handler !== SIG_DFL).map(([signal]) => signal),
  };
}

function dispositions(native: Native, files: SystemFiles): Dispositions {
  const status = files.read("/proc/self/status");
  const text = status === undefined ? "" : new TextDecoder().decode(status);
  const [ignored, caught] = [signalsIn(text, "SigIgn"), signalsIn(text, "SigCgt")];
  return ignored === undefined || caught === undefined ? askedOneByOne(native) : { ignored, caught };
}

/** The runtime's own signals are those that it ignores, as given, and those that it catches. */
function ignoredSignals(
  { ignored, caught }: Dispositions,
  { inherited, runtimeIgnores }: { readonly inherited: readonly number[]; readonly runtimeIgnores: readonly number[] },
): readonly number[] {
  const own = [...caught, ...ignored.filter((signal) => runtimeIgnores.includes(signal))];
  const kept = ignored.filter((signal) => !runtimeIgnores.includes(signal));
  return [...kept, ...own.filter((signal) => inherited.includes(signal))].sort((one, other) => one - other);
}

function terminalModes(native: Native): readonly (Uint8Array<ArrayBuffer> | undefined)[] {
  const { tcgetattr } = native.load({ tcgetattr: "ip:i" });
  return STDIO.map((fd) => {
    const modes = new Uint8Array(256);
    return tcgetattr(fd, modes) === 0 ? modes : undefined;
  });
}

/** Descriptors that came from the caller: what Bun opens for itself is none of files, pipes and sockets. */
function inheritedDescriptors(native: Native, files: SystemFiles): readonly number[] {
  return openDescriptors(native, files).map(({ fd }) => fd).filter((fd) => {
    const target = files.link(`/proc/self/fd/${fd}`);
    return target !== undefined && !/^anon_inode:\[?(eventpoll|eventfd|timerfd|io_uring)\]?/.test(target);
  });
}

/** While SIGCHLD is ignored no child can be waited for. One that waits would be dropped: then it stays ignored. */
function acceptChildren(native: Native, ignored: readonly number[]): void {
  const child = native.darwin ? 20 : 17;
  if (!ignored.includes(child)) return;
  if (!pendingSignals(native).includes(child)) native.load({ signal: "ia:a" }).signal(child, 0n);
}

/**
 * Sees to it that no core file of this process is written, and that no process of the same user reads its memory while it waits. Limits
 * stay as they are, and exec(2) takes it back, so that the command is none the wiser. From here on `environ`, `mem` and the like below
 * `/proc/self` are root's.
 */
function keepMemoryPrivate(native: Native): void {
  if (!native.darwin) native.load({ prctl: "iaaaa:i" }).prctl(PR_SET_DUMPABLE, 0n, 0n, 0n, 0n);
}

/**
 * Notes what this process was started with. Has to come first in the program: a signal that had a listener, even one that was
 * removed, is not known to have been ignored any more, and a child cannot be waited for while SIGCHLD is ignored.
 *
 * @param runtime which runtime this is
 * @param platform the system, as `process.platform` has it
 * @returns the state, or `undefined` where the C library cannot be called, so that commands have to be spawned
 */
export function captureStart(runtime: "deno" | "bun", platform: string): Start | undefined {
  const bun = runtime === "bun";
  try {
    const native = openNative(runtime, platform);
    if (native === undefined) return undefined;
    const files = makeSystemFiles(native);
    const ignored = ignoredSignals(dispositions(native, files), {
      inherited: parentIgnores(native, files),
      runtimeIgnores: bun ? [SIGPIPE, SIGXFSZ] : [SIGPIPE],
    });
    const fcntl = loadFcntl(native);
    const stdioFlags = STDIO.map((fd) => fcntl(fd, F_GETFL));
    const environ = files.read("/proc/self/environ");
    const start: Start = {
      native,
      files,
      entries: environ === undefined ? readLibcEnvironment(native) : splitAtNul(environ),
      ignored,
      stdioFlags,
      terminals: terminalModes(native),
      descriptors: bun && !native.darwin ? inheritedDescriptors(native, files) : [],
      taken: bun && !native.darwin ? takePending(native) : [],
      bun,
    };
    acceptChildren(native, ignored);
    keepMemoryPrivate(native);
    return start;
  } catch {
    // No library, no function or no just-in-time compiler (Bun): there is a way without, see spawn.ts.
    return undefined;
  }
}
