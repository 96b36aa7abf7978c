import { isLoopback } from "../../azure/http/loopback.ts";
import { nameOf } from "../../core/setting_name.ts";
import { AuthError } from "../../core/errors.ts";
import type { Settings } from "../../core/settings.ts";
import type { Check } from "./check.ts";
import { failed, type Note, ok, warn } from "../finding.ts";
import { trackingUrl } from "../tracking/tracking_url.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Looks for proxy variables that would send requests for this machine to a proxy. */
export const proxyVariables: Check = {
  name: "proxies",
  doc: "Proxy variables are URLs, and leave requests to this machine alone",
  run: ({ settings, host }) =>
    Promise.resolve([...formNotes(settings), ...proxyNotes(host.env, settings.trackingUri.value)]),
};

/** A runtime takes a proxy that is no URL for none, and goes past it without a word. */
function formNotes(settings: Pick<Settings, "httpsProxy" | "httpProxy">): readonly Note[] {
  return [settings.httpsProxy, settings.httpProxy].flatMap((setting): readonly Note[] => {
    const { value } = setting;
    if (value === undefined || URL.canParse(value.includes("://") ? value : `http://${value}`)) return [];
    const name = nameOf(setting, "HTTPS_PROXY");
    return [failed(
      new AuthError("setting-invalid", {
        message: `Cannot use "${name}": expected a URL`,
        remedy: `export ${name}=http://HOST:PORT`,
      }),
    )];
  });
}

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
  if (proxy === undefined) return [ok("no proxy for http requests")];
  const url = trackingUrl(uri ?? "");
  const hosts = url !== undefined && isLoopback(url.hostname) ? [url.hostname] : ["127.0.0.1", "localhost"];
  const [lower, upper] = [env["no_proxy"] ?? "", env["NO_PROXY"] ?? ""];
  const [winner, list] = lower === "" ? ["NO_PROXY", upper] : ["no_proxy", lower];
  const missed = hosts.filter((name) => !exempts(list, name));
  if (missed.length === 0) return [ok(`${proxy} is set, and ${winner} exempts this machine`)];
  const hidden = lower !== "" && hosts.every((name) => exempts(upper, name));
  // Without a tracking server on this machine it only hurts who relies on the upper-case name.
  if (!hidden && !(url !== undefined && isLoopback(url.hostname))) return [ok(`${proxy} is set`)];
  return [warn("proxy-catches-loopback", {
    message: `Cannot reach "${
      missed.join('" and "')
    }" directly from Python: ${proxy} is set and ${winner} does not exempt it`,
    remedy: `export ${winner}=${[list, "127.0.0.1", "localhost"].filter((part) => part !== "").join(",")}`,
  })];
}

function exempts(list: string, host: string): boolean {
  return list.split(",").map((item) => item.trim().toLowerCase().replace(/^\./, "").replace(/:\d+$/, ""))
    .some((item) => item === "*" || (item !== "" && (host === item || host.endsWith(`.${item}`))));
}
