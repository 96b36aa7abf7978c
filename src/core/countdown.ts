import type { Host } from "./host.ts";

/** A limit on time that runs. */
export interface Countdown {
  /** Aborts when the time is up. */
  readonly signal: AbortSignal;
  /** Milliseconds that are left; 0 when the time is up. */
  readonly leftMs: () => number;
  /** Calls it off: the signal stays as it is. */
  readonly stop: () => void;
}

/**
 * Starts a limit on time. What counts is {@link Host.workedMs}: a machine that had no processor for this process has not waited for
 * anybody, so a service is not told to be slow for it.
 *
 * @param limitMs milliseconds
 * @param host the clock and the timer
 * @returns the countdown; stop it when the work is done, or its timer keeps the program alive
 *
 * @example
 * ```ts
 * import { startCountdown } from "./countdown.ts";
 * import assert from "node:assert/strict";
 *
 * const clock = { ms: 0, run: () => {} };
 * const host = { workedMs: () => clock.ms, after: (_: number, run: () => void) => (clock.run = run, () => {}) };
 * const countdown = startCountdown(15_000, host);
 * clock.ms = 5_000;
 * clock.run();
 * assert.deepEqual([countdown.signal.aborted, countdown.leftMs()], [false, 10_000]);
 * clock.ms = 15_000;
 * clock.run();
 * assert.deepEqual([countdown.signal.aborted, countdown.leftMs()], [true, 0]);
 * ```
 */
export function startCountdown(limitMs: number, host: Pick<Host, "workedMs" | "after">): Countdown {
  const startedMs = host.workedMs();
  const end = new AbortController();
  const leftMs = (): number => Math.max(0, limitMs - (host.workedMs() - startedMs));
  const look = (): void => {
    const left = leftMs();
    if (left > 0) callOff = host.after(Math.ceil(left), look);
    // With a reason, so that the runtime makes no error of it.
    else end.abort("time is up");
  };
  let callOff = host.after(limitMs, look);
  return { signal: end.signal, leftMs, stop: () => callOff() };
}
