import { OPEN_FILES } from "../../../src/core/error_code.ts";
import type { RootName } from "./roots.ts";

/** How a build of the program ends in a place: `works`, or the status that a shell sees; `fails` where it is not always the same. */
export type End = "works" | "fails" | number;

/** A place where people run programs, and what becomes of ours there. */
export interface Place {
  /** As docs/exec.md has it. */
  readonly name: string;
  /** Shell code that makes the place and ends in `exec "$@"`; it finds `$confine`, `$own` (a folder of this run) and `$program`. */
  readonly enter: string;
  /** What has to be there: root makes namespaces, control groups and other users. */
  readonly needs?: "root" | "cgroup";
  /** A root folder that is made for it: `$own` holds it under the name of {@link RootName}. */
  readonly root?: RootName;
  /** What the program itself says where it ends with 125. */
  readonly says?: string;
  readonly deno: End;
  readonly bun: End;
}

const inMounts = (change: string): string =>
  `exec unshare -m sh -c 'mount --make-rprivate / && ${change} && exec "$@"' sh "$@"`;
const asNobody = (limit = ""): string => `exec setpriv --reuid 64321 --regid 64321 --clear-groups ${limit} "$@"`;
const inTmpdir = (value: string): string => `TMPDIR=${value} exec "$@"`;
const inRoot = (folder: string): string =>
  `exec unshare -m sh -c 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"' "$own/${folder}" "$@"`;
const inFiles = (most: number): string => `ulimit -n ${most}; exec "$@"`;
const inMemory = (mib: number): string => `enter_memory ${mib}M; exec "$@"`;

/** Every place, in the order of docs/exec.md. */
export const PLACES: readonly Place[] = [
  { name: "`TMPDIR=/dev/shm`, `/proc` or `/sys`", enter: inTmpdir("/dev/shm"), deno: "works", bun: "works" },
  { name: "`TMPDIR` names nothing", enter: inTmpdir("/nowhere/at/all"), deno: "works", bun: "works" },
  { name: "`TMPDIR` is empty or relative", enter: inTmpdir("a/b"), deno: 1, bun: "works" },
  { name: "no `HOME`", enter: 'unset HOME; exec "$@"', deno: "works", bun: "works" },
  {
    name: "a user id without an entry in `/etc/passwd`",
    enter: asNobody(),
    needs: "root",
    deno: "works",
    bun: "works",
  },
  {
    name: "a root file system that cannot be written",
    enter: inMounts("mount -o remount,bind,ro /"),
    needs: "root",
    deno: "works",
    bun: "works",
  },
  {
    name: "a root of nothing but `/proc` and the libraries that it is linked with",
    enter: inRoot("bare"),
    needs: "root",
    root: "bare",
    deno: "works",
    bun: "works",
  },
  {
    name: "glibc 2.31, as in Debian 11",
    enter: inRoot("glibc-2-31"),
    needs: "root",
    root: "glibc 2.31",
    deno: "works",
    bun: "works",
  },
  { name: "no `/proc`", enter: inMounts("umount -l /proc"), needs: "root", deno: 1, bun: 134 },
  {
    name: "a program file that can be run and not read",
    enter: `chmod 711 "$program"; ${asNobody()}`,
    needs: "root",
    deno: 1,
    bun: "works",
  },
  {
    name: "a working folder that is gone",
    enter: 'mkdir "$own/gone" && cd "$own/gone" && rmdir "$own/gone"; exec "$@"',
    deno: 101,
    bun: 1,
  },
  {
    name: "`BUN_JSC_…` set to what the runtime does not know",
    enter: 'BUN_JSC_useJIT=banana exec "$@"',
    deno: "works",
    bun: 1,
  },
  { name: "`ulimit -n 16`", enter: inFiles(16), deno: "works", bun: "works" },
  { name: "`ulimit -n 13`", enter: inFiles(13), says: OPEN_FILES.is, deno: 125, bun: "works" },
  { name: "`ulimit -n 12`", enter: inFiles(12), says: OPEN_FILES.is, deno: 125, bun: "works" },
  { name: "`ulimit -n 11`", enter: inFiles(11), deno: 101, bun: "works" },
  { name: "`ulimit -n 7`", enter: inFiles(7), says: OPEN_FILES.is, deno: 101, bun: 125 },
  { name: "`ulimit -n 4`", enter: inFiles(4), deno: 101, bun: 1 },
  { name: "`ulimit -n 3`", enter: inFiles(3), deno: 127, bun: 127 },
  { name: "`ulimit -v` of 96 GiB", enter: 'ulimit -v 100663296; exec "$@"', deno: "works", bun: "works" },
  { name: "`ulimit -v` of 64 GiB", enter: 'ulimit -v 67108864; exec "$@"', deno: 133, bun: "works" },
  { name: "`ulimit -v` of 4 GiB", enter: 'ulimit -v 4194304; exec "$@"', deno: 133, bun: "works" },
  {
    name: "8 processes and threads (`ulimit -u`)",
    enter: asNobody("prlimit --nproc=8"),
    needs: "root",
    deno: "works",
    bun: "works",
  },
  { name: "2 processes and threads", enter: asNobody("prlimit --nproc=2"), needs: "root", deno: "fails", bun: "fails" },
  {
    name: "96 MiB of memory, nothing of the program in the cache",
    enter: inMemory(96),
    needs: "cgroup",
    deno: "works",
    bun: "works",
  },
  {
    name: "no memory may become executable (`MemoryDenyWriteExecute=`)",
    enter: 'exec "$confine" wx "$@"',
    deno: 133,
    bun: "works",
  },
  {
    name: "young system calls answer `ENOSYS` (old kernels, gVisor)",
    enter: 'exec "$confine" enosys "$@"',
    deno: "works",
    bun: "works",
  },
  {
    name: "young system calls answer `EPERM` (Docker before 20.10.10)",
    enter: 'exec "$confine" eperm "$@"',
    deno: 134,
    bun: 134,
  },
];
