import { cString, loadFcntl, type Native } from "./native.ts";
import type { SystemFiles } from "../system_files.ts";

const F_GETFD = 1;

/** More than are open, where the system does not say how many the table of this process has room for. */
const MANY = 1024;

/** Where `struct dirent` of Linux has its name, and what there is at least of one. */
const DIRENT = { nameAt: 19, length: 24 } as const;

/** The numbers below /proc/self/fd; `undefined` where they cannot be listed, or one has more than four digits. */
function listed(native: Native): readonly number[] | undefined {
  const calls = { opendir: "p:a", readdir: "a:a", closedir: "a:i", memcpy: "paa:a" } as const;
  const { opendir, readdir, closedir, memcpy } = native.load(calls);
  const folder = BigInt(opendir(cString("/proc/self/fd")));
  if (folder === 0n) return undefined;
  const found: number[] = [];
  const entry = new Uint8Array(DIRENT.length);
  try {
    for (let at = BigInt(readdir(folder)); at !== 0n; at = BigInt(readdir(folder))) {
      memcpy(entry, at, BigInt(entry.length));
      const end = entry.indexOf(0, DIRENT.nameAt);
      if (end < 0) return undefined;
      const name = String.fromCharCode(...entry.subarray(DIRENT.nameAt, end));
      if (/^\d/.test(name)) found.push(Number(name));
    }
    return found;
  } finally {
    closedir(folder);
  }
}

/** Every number that a descriptor of this process may have. */
function possible(files: Pick<SystemFiles, "read">): readonly number[] {
  const status = new TextDecoder().decode(files.read("/proc/self/status"));
  const size = Number(/^FDSize:\s*(\d+)$/m.exec(status)?.[1] ?? MANY);
  return Array.from({ length: size }, (_, fd) => fd);
}

/**
 * Finds the open descriptors of this process on Linux: those that the system lists, or else by asking for each. The C library lists
 * them: since 2.9 Deno lists no folder below /proc without every permission there is, and Bun takes four milliseconds for the module
 * that lists folders.
 *
 * @param native the C library
 * @param files reads `/proc/self/status`
 * @returns each above 2, in order, with its flags (`FD_CLOEXEC` is 1)
 */
export function openDescriptors(
  native: Native,
  files: Pick<SystemFiles, "read">,
): readonly { readonly fd: number; readonly flags: number }[] {
  const fcntl = loadFcntl(native);
  return (listed(native) ?? possible(files))
    .filter((fd) => fd > 2)
    .map((fd) => ({ fd, flags: fcntl(fd, F_GETFD) }))
    // That of the list itself is closed by now.
    .filter(({ flags }) => flags >= 0);
}
