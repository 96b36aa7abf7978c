const ENDPOINTS = ["IDENTITY_ENDPOINT", "MSI_ENDPOINT", "IMDS_ENDPOINT"] as const;
const NEVER = ["169.254.169.254", "127.0.0.1", "localhost"] as const;
const PROXIES = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] as const;

/** `*.name` is a pattern to one runtime and a name to the other; both take `.name` for all that ends so. */
const plainPattern = (item: string): string => item.startsWith("*.") ? item.slice(1) : item;

/**
 * Says which hosts no proxy may see: a managed identity endpoint answers on this machine alone.
 *
 * @param env the variables
 * @returns the new value of NO_PROXY; what was there comes first
 */
export function bypassList(env: Readonly<Record<string, string | undefined>>): string {
  const before = [env["NO_PROXY"], env["no_proxy"]].find((value) => value !== undefined && value !== "") ?? "";
  const named = before.split(",").map((item) => plainPattern(item.trim())).filter((item) => item !== "");
  const hosts = ENDPOINTS.flatMap((name) => {
    const value = env[name] ?? "";
    return URL.canParse(value) ? [new URL(value).hostname] : [];
  });
  return [...new Set([...named, ...NEVER, ...hosts])].join(",");
}

/**
 * Gives the proxy variables the form that the runtimes agree on.
 *
 * @param env the variables as they are
 * @returns the variables to set for this process: each proxy as a URL, and the hosts that no proxy may see; none where there is no proxy
 *
 * @example
 * ```ts
 * import { proxyVariables } from "./proxies.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(proxyVariables({ HTTPS_PROXY: "proxy.corp:3128", NO_PROXY: "*.corp" }), {
 *   HTTPS_PROXY: "http://proxy.corp:3128",
 *   NO_PROXY: ".corp,169.254.169.254,127.0.0.1,localhost",
 *   no_proxy: ".corp,169.254.169.254,127.0.0.1,localhost",
 * });
 * ```
 */
export function proxyVariables(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const proxies = PROXIES.flatMap((name) => {
    const value = env[name]?.trim() ?? "";
    return value === "" ? [] : [[name, value.includes("://") ? value : `http://${value}`] as const];
  });
  if (proxies.length === 0) return {};
  const bypass = bypassList(env);
  return { ...Object.fromEntries(proxies), NO_PROXY: bypass, no_proxy: bypass };
}
