import type { SystemFiles } from "./system_files.ts";

/**
 * How long this process' main thread could have run and had no processor since it started.
 *
 * @param files reader of `/proc`, where there is one
 * @returns milliseconds, from the second field of `/proc/self/schedstat`; 0 where the system does not tell
 * @see https://docs.kernel.org/scheduler/sched-stats.html#proc-pid-schedstat
 *
 * @example
 * ```ts
 * import { starvedMs } from "./starved.ts";
 * import assert from "node:assert/strict";
 *
 * const read = () => new TextEncoder().encode("81249000 2500000 31\n");
 * assert.equal(starvedMs({ read }), 2.5);
 * assert.equal(starvedMs(undefined), 0);
 * ```
 */
export function starvedMs(files: Pick<SystemFiles, "read"> | undefined): number {
  const bytes = files?.read("/proc/self/schedstat", 128);
  const waitedNs = Number(bytes === undefined ? 0 : new TextDecoder().decode(bytes).split(" ")[1]);
  return Number.isFinite(waitedNs) ? waitedNs / 1e6 : 0;
}
