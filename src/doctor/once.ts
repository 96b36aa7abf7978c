/**
 * Makes work that is done at most once, however often it is asked for.
 *
 * @param work what to do
 * @returns a function that starts it when it is first called, and gives everybody the same result
 *
 * @example
 * ```ts
 * import { once } from "./once.ts";
 * import assert from "node:assert/strict";
 *
 * let count = 0;
 * const next = once(() => Promise.resolve(++count));
 * assert.deepEqual([await next(), await next()], [1, 1]);
 * ```
 */
export function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  // What throws at once rejects as well, so that everybody hears of it.
  return () => result ??= Promise.resolve().then(work);
}
