import { cString, type Native } from "../native/native.ts";
import { openDescriptors } from "../native/open_descriptors.ts";
import { layOut, type Vector } from "../native/vector.ts";
import { makeSystemFiles } from "../system_files.ts";

const FD_CLOEXEC = 1;
const O_RDWR = 2;

/** `posix_spawn` of both systems: a session of its own, no signal blocked, none ignored. */
const SETSIGDEF = 0x04;
const SETSIGMASK = 0x08;
const SETSID = { linux: 0x80, darwin: 0x400 };
/** macOS alone: what is not named is closed. */
const CLOEXEC_DEFAULT = 0x4000;

// More than `posix_spawnattr_t`, `posix_spawn_file_actions_t` and `sigset_t` have anywhere.
const ROOM = 1024;

/** A program to start in a session of its own. */
export interface Apart {
  readonly path: string;
  /** Its arguments, `argv[0]` first, in bytes without NUL. */
  readonly argv: readonly Uint8Array<ArrayBuffer>[];
  /** Its environment, one `NAME=value` each. */
  readonly entries: readonly Uint8Array<ArrayBuffer>[];
  /** Which of our descriptors become which of its own, in this order; it gets no other, and `/dev/null` as 2 where none is named. */
  readonly descriptors: readonly (readonly [ours: number, its: number])[];
}

/** What came of a start: a process, or the system's error number. */
export type Spawned = { readonly pid: number } | { readonly errno: number };

/** Descriptors that a child would inherit. */
function inheritable(native: Native): readonly number[] {
  if (native.darwin) return [];
  return openDescriptors(native, makeSystemFiles(native)).filter(({ flags }) => (flags & FD_CLOEXEC) === 0)
    .map(({ fd }) => fd);
}

/**
 * Starts a program in a session of its own, with nothing of ours but what it is given: no descriptor, no blocked or ignored signal.
 *
 * @param native the C library
 * @param apart the program
 * @returns its process id, or the error number of the system
 */
export function spawnApart(native: Native, apart: Apart): Spawned {
  const { darwin } = native;
  const actions = new Uint8Array(ROOM);
  const attributes = new Uint8Array(ROOM);
  const signals = new Uint8Array(ROOM);
  const spawn = native.load({
    posix_spawn_file_actions_init: "p:i",
    posix_spawn_file_actions_addclose: "pi:i",
    posix_spawn_file_actions_adddup2: "pii:i",
    posix_spawn_file_actions_addopen: "pipii:i",
    posix_spawn_file_actions_destroy: "p:i",
    posix_spawnattr_init: "p:i",
    posix_spawnattr_setflags: "pi:i",
    posix_spawnattr_setsigdefault: "pp:i",
    posix_spawnattr_setsigmask: "pp:i",
    posix_spawnattr_destroy: "p:i",
    sigemptyset: "p:i",
    sigfillset: "p:i",
    posix_spawn: "pppppp:i",
  });
  spawn.posix_spawn_file_actions_init(actions);
  const kept = new Set(apart.descriptors.map(([ours]) => ours));
  for (const fd of inheritable(native)) if (!kept.has(fd)) spawn.posix_spawn_file_actions_addclose(actions, fd);
  if (!kept.has(2)) spawn.posix_spawn_file_actions_addopen(actions, 2, cString("/dev/null"), O_RDWR, 0);
  for (const [ours, its] of apart.descriptors) spawn.posix_spawn_file_actions_adddup2(actions, ours, its);
  spawn.posix_spawnattr_init(attributes);
  const session = darwin ? SETSID.darwin | CLOEXEC_DEFAULT : SETSID.linux;
  spawn.posix_spawnattr_setflags(attributes, session | SETSIGDEF | SETSIGMASK);
  spawn.sigemptyset(signals);
  spawn.posix_spawnattr_setsigmask(attributes, signals);
  spawn.sigfillset(signals);
  spawn.posix_spawnattr_setsigdefault(attributes, signals);
  const argv: Vector = layOut(apart.argv, native.address);
  const env: Vector = layOut(apart.entries, native.address);
  const pid = new Uint8Array(8);
  const errno = Number(
    spawn.posix_spawn(pid, cString(apart.path), actions, attributes, argv.pointers, env.pointers),
  );
  spawn.posix_spawn_file_actions_destroy(actions);
  spawn.posix_spawnattr_destroy(attributes);
  // Both blocks have to live until here.
  if (argv.block.length + env.block.length === 0) throw new RangeError("no memory");
  return errno === 0 ? { pid: new DataView(pid.buffer).getInt32(0, true) } : { errno };
}
