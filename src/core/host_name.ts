/**
 * Says whether a host is this machine by its name alone: `localhost`, 127.0.0.0/8 or `[::1]`.
 *
 * @param hostname as {@link URL.hostname} gives it
 * @returns true for a loopback host
 *
 * @example
 * ```ts
 * import { isLoopback } from "./host_name.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(isLoopback("127.0.0.1"), true);
 * assert.equal(isLoopback("127.0.0.1.example.org"), false);
 * ```
 */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname);
}

/**
 * A host as it stands before a port: an IPv6 address in brackets.
 *
 * @param hostname a name or an address, with or without brackets
 * @returns the same in the form of {@link URL.hostname}
 *
 * @example
 * ```ts
 * import { bracketed } from "./host_name.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(bracketed("::1"), "[::1]");
 * assert.equal(bracketed("[::1]"), "[::1]");
 * assert.equal(bracketed("mlflow.example"), "mlflow.example");
 * ```
 */
export function bracketed(hostname: string): string {
  return hostname.includes(":") && !hostname.startsWith("[") ? `[${hostname}]` : hostname;
}
