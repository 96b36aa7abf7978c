/**
 * Says whether a host is this machine by its name alone: `localhost`, 127.0.0.0/8 or `[::1]`.
 *
 * @param hostname as {@link URL.hostname} gives it
 * @returns true for a loopback host
 *
 * @example
 * ```ts
 * import { isLoopback } from "./loopback.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(isLoopback("127.0.0.1"), true);
 * assert.equal(isLoopback("127.0.0.1.example.org"), false);
 * ```
 */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname);
}
