import { isLoopback } from "../../core/host_name.ts";
import { isExempt } from "../../core/no_proxy.ts";
import type { Check } from "./check.ts";
import { type Note, ok, warn } from "../finding.ts";
import { trackingUrl } from "../tracking/tracking_url.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Looks for proxy variables that would send requests for this machine to a proxy. */
export const proxyVariables: Check = {
  name: "proxies",
  doc: "Proxy variables leave requests to this machine alone",
  run: ({ settings, host }) => Promise.resolve(proxyNotes(host.env, settings.trackingUri.value)),
};

/**
 * What the proxy variables do to requests for loopback in Python's HTTP library, where a lower-case name wins.
 *
 * @param env the environment
 * @param uri value of `MLFLOW_TRACKING_URI`
 * @returns one note
 * @see https://requests.readthedocs.io/en/latest/user/advanced/#proxies
 *
 * @example
 * ```ts
 * import { proxyNotes } from "./proxy_variables.ts";
 * import assert from "node:assert/strict";
 *
 * const env = { HTTP_PROXY: "http://proxy.example:3128", NO_PROXY: "127.0.0.1", no_proxy: "corp.example" };
 * assert.equal(proxyNotes(env, "http://127.0.0.1:5000")[0]?.code, "proxy-catches-loopback");
 * ```
 */
export function proxyNotes(env: Env, uri: string | undefined): readonly Note[] {
  const proxy = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"].find((name) => (env[name] ?? "") !== "");
  if (proxy === undefined) return [ok("neither HTTP_PROXY nor ALL_PROXY is set")];
  const url = trackingUrl(uri ?? "");
  const hosts = url !== undefined && isLoopback(url.hostname) ? [url.hostname] : ["127.0.0.1", "localhost"];
  const [lower, upper] = [env["no_proxy"] ?? "", env["NO_PROXY"] ?? ""];
  const [winner, list] = lower === "" ? ["NO_PROXY", upper] : ["no_proxy", lower];
  const missed = hosts.filter((name) => !isExempt(new URL(`http://${name}`), list));
  if (missed.length === 0) return [ok(`${proxy} is set, and ${winner} exempts this machine`)];
  const hidden = lower !== "" && hosts.every((name) => isExempt(new URL(`http://${name}`), upper));
  // Without a tracking server on this machine it only hurts who relies on the upper-case name.
  if (!hidden && !(url !== undefined && isLoopback(url.hostname))) return [ok(`${proxy} is set`)];
  return [warn("proxy-catches-loopback", {
    message: `Cannot reach "${
      missed.join('" and "')
    }" directly from Python: ${proxy} is set and ${winner} does not exempt it`,
    remedy: `export ${winner}="${[list, "127.0.0.1", "localhost"].filter((part) => part !== "").join(",")}"`,
  })];
}
