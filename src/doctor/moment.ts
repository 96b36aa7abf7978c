/**
 * A moment as people read it, the same everywhere.
 *
 * @param ms milliseconds since the Unix epoch
 * @returns such as `2026-01-31 08:00 UTC`
 *
 * @example
 * ```ts
 * import { moment } from "./moment.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(moment(Date.UTC(2026, 0, 31, 8, 0, 59)), "2026-01-31 08:00 UTC");
 * ```
 */
export function moment(ms: number): string {
  // Claims come from outside: a number that is no date must not throw.
  const isDate = Math.abs(ms) <= 8.64e15;
  return isDate ? `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC` : "no date";
}
