import type { SystemFiles } from "../system_files.ts";
import type { Native } from "./native.ts";

/** The advice that a range is not needed now; https://man7.org/linux/man-pages/man2/madvise.2.html */
const MADV_DONTNEED = 4;

/** Code that lies in a file: its addresses, and the file. */
const CODE = /^([0-9a-f]+)-([0-9a-f]+) r-xp \S+ \S+ [1-9]\d* +(\S.*)$/gm;

/**
 * Gives the memory of this program's own code back. It is the file's, unchanged: what is needed again is mapped again, from the
 * system's cache of the file. The runtimes have 30 MiB of it in use once they have started, and few of that when they only wait.
 *
 * @param start the C library, and files of the system
 *
 * @example
 * ```ts
 * import { giveCodeBack } from "./code_memory.ts";
 * import assert from "node:assert/strict";
 *
 * const advised: unknown[] = [];
 * const load = () => ({ madvise: (...values: unknown[]) => (advised.push(values), 0) });
 * const files = {
 *   link: () => "/usr/bin/mlflow-auth",
 *   read: () => new TextEncoder().encode("1000-3000 r-xp 00001000 fe:00 7   /usr/bin/mlflow-auth\n"),
 * };
 * giveCodeBack({ native: { load } as never, files });
 * assert.deepEqual(advised, [[0x1000n, 0x2000n, 4]]);
 * ```
 */
export function giveCodeBack(
  { native, files }: { readonly native: Pick<Native, "load">; readonly files: Pick<SystemFiles, "read" | "link"> },
): void {
  const own = files.link("/proc/self/exe");
  const maps = files.read("/proc/self/maps");
  if (own === undefined || maps === undefined) return;
  const { madvise } = native.load({ madvise: "aai:i" });
  for (const [, from = "", to = "", path] of new TextDecoder().decode(maps).matchAll(CODE)) {
    const [start, end] = [BigInt(`0x${from}`), BigInt(`0x${to}`)];
    // Where the system refuses, all stays as it was.
    if (path === own) madvise(start, end - start, MADV_DONTNEED);
  }
}
