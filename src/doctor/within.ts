import type { Host } from "../core/host.ts";

/**
 * Gives some work a limited time.
 *
 * @param limitMs milliseconds after which the work is aborted
 * @param options the clock, and the work with the signal that ends it
 * @returns what the work gave
 * @throws {DOMException} `TimeoutError`, when the time is up
 *
 * @example
 * ```ts
 * import { within } from "./within.ts";
 * import assert from "node:assert/strict";
 *
 * const host = { sleep: () => new Promise<void>(() => {}) };
 * assert.equal(await within(1000, { host, work: () => Promise.resolve("done") }), "done");
 * ```
 */
export async function within<T>(
  limitMs: number,
  options: { readonly host: Pick<Host, "sleep">; readonly work: (signal: AbortSignal) => Promise<T> },
): Promise<T> {
  const [stop, done] = [new AbortController(), new AbortController()];
  const late = options.host.sleep(limitMs, done.signal).then((): never => {
    const error = new DOMException(`no answer within ${limitMs / 1000} s`, "TimeoutError");
    stop.abort(error);
    throw error;
  });
  // The sleep ends early when the work is done; nobody is left to hear of it then.
  late.catch(() => {});
  try {
    return await Promise.race([options.work(stop.signal), late]);
  } finally {
    done.abort();
  }
}
