import process from "node:process";

const NAMES = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] as const;

/** Whether an environment names a proxy, so that a runtime would use it by itself. */
export const namesProxy = (env: Readonly<Record<string, string | undefined>>): boolean =>
  NAMES.some((name) => (env[name] ?? "") !== "");

/**
 * Does something while no proxy variable is set: a runtime reads them when it makes a client (Deno) or begins a request (Bun), each
 * with rules of its own for NO_PROXY. The programs that this process starts find them as they were.
 *
 * @param work what to do, at once
 * @param env the variables of this process
 * @returns what it gave
 *
 * @example
 * ```ts
 * import { withoutProxies } from "./proxies.ts";
 * import assert from "node:assert/strict";
 *
 * const env: Record<string, string | undefined> = { HTTPS_PROXY: "http://proxy.example:3128" };
 * assert.equal(withoutProxies(() => env["HTTPS_PROXY"], env), undefined);
 * assert.equal(env["HTTPS_PROXY"], "http://proxy.example:3128");
 * ```
 */
export function withoutProxies<T>(work: () => T, env: Record<string, string | undefined> = process.env): T {
  const before = NAMES.flatMap((name) => env[name] === undefined ? [] : [[name, env[name]] as const]);
  for (const [name] of before) delete env[name];
  try {
    return work();
  } finally {
    for (const [name, value] of before) env[name] = value;
  }
}
