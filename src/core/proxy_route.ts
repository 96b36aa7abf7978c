import { isExempt, isNeverProxied } from "./no_proxy.ts";
import { Secret } from "./secret.ts";
import type { SettingsRead } from "./settings/read_settings.ts";

/** A proxy that a request goes through. */
export interface Proxy {
  /** Without user name and password. */
  readonly url: string;
  /** Its host, with its port where one is given. */
  readonly host: string;
  /** The variable that names it. */
  readonly variable: string;
  readonly user: { readonly name: string; readonly password: Secret } | undefined;
}

/** Says which proxy a request goes through; `undefined` where it goes directly. */
export type ProxyRoute = (url: URL) => Proxy | undefined;

function proxyAt(text: string, variable: string): Proxy {
  const url = new URL(text);
  const user = url.username === ""
    ? undefined
    : { name: decodeURIComponent(url.username), password: new Secret(decodeURIComponent(url.password)) };
  return { url: `${url.protocol}//${url.host}`, host: url.host, variable, user };
}

/**
 * The way of every request, by the proxy settings. Where a proxy is set and the host is not exempt, nothing goes past it: not even
 * where the proxy's URL cannot be used.
 *
 * @param read the settings, and what was wrong with them
 * @param env the environment, which may name endpoints of managed identity
 * @returns the route; it throws `setting-invalid` for a request that would go through a proxy whose URL cannot be used
 *
 * @example
 * ```ts
 * import { routeFor } from "./proxy_route.ts";
 * import { readSettings } from "./settings/read_settings.ts";
 * import assert from "node:assert/strict";
 *
 * const env = { HTTPS_PROXY: "CORP\\joe:pw@proxy.example:3128", NO_PROXY: ".vault.azure.net" };
 * const route = routeFor(readSettings({ env }), env);
 * assert.equal(route(new URL("https://login.microsoftonline.com"))?.user?.name, "CORP\\joe");
 * assert.equal(route(new URL("https://team.vault.azure.net")), undefined);
 * ```
 */
export function routeFor(
  { settings, refused }: Pick<SettingsRead, "settings" | "refused">,
  env: Readonly<Record<string, string | undefined>>,
): ProxyRoute {
  const list = settings.noProxy.value ?? "";
  const known = new Map<string, Proxy | undefined>();
  const decide: ProxyRoute = (url) => {
    const key = url.protocol === "http:" ? "httpProxy" : "httpsProxy";
    const { value, source } = settings[key];
    if ((value === undefined && refused[key] === undefined) || isNeverProxied(url, env) || isExempt(url, list)) {
      return undefined;
    }
    if (refused[key] !== undefined) throw refused[key];
    return value === undefined || source.from === "default" ? undefined : proxyAt(value, source.name);
  };
  return (url) => {
    if (!known.has(url.origin)) known.set(url.origin, decide(url));
    return known.get(url.origin);
  };
}
