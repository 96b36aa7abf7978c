import { AuthError } from "../core/errors.ts";
import type { Build } from "../core/host.ts";
import type { Proxy } from "../core/proxy_route.ts";
import { nameOf } from "../core/settings/setting_name.ts";
import type { Settings } from "../core/settings/settings.ts";

/**
 * Refuses a way to the tracking server that the proxy's own connections cannot take: those of Deno show no client certificate inside
 * a tunnel, and open none through a proxy that is spoken to over TLS.
 *
 * @param settings the client certificate among them
 * @param way the HTTP proxy that requests go through, and the build that runs
 * @throws {AuthError} `setting-conflict` for a client certificate together with an HTTP proxy, `setting-invalid` for an https proxy
 *
 * @example
 * ```ts
 * import { checkProxiedWay } from "./proxied_way.ts";
 * import { readSettings } from "../core/settings/read_settings.ts";
 * import assert from "node:assert/strict";
 *
 * const { settings } = readSettings({ env: { MLFLOW_TRACKING_CLIENT_CERT_PATH: "/own.pem" } });
 * const proxy = { url: "http://proxy.example:3128", host: "proxy.example:3128", variable: "HTTPS_PROXY", user: undefined };
 * assert.throws(() => checkProxiedWay(settings, { proxy, runtime: "deno" }), { code: "setting-conflict" });
 * checkProxiedWay(settings, { proxy, runtime: "bun" });
 * ```
 */
export function checkProxiedWay(
  { clientCertPath }: Pick<Settings, "clientCertPath">,
  { proxy, runtime }: { readonly proxy: Proxy | undefined; readonly runtime: Build["runtime"] },
): void {
  if (proxy === undefined || runtime !== "deno") return;
  const elsewhere = `let it go past the proxy: export NO_PROXY=<the tracking server's host>; or use the Bun build`;
  if (clientCertPath.value !== undefined) {
    const name = nameOf(clientCertPath, "MLFLOW_TRACKING_CLIENT_CERT_PATH");
    throw new AuthError("setting-conflict", {
      message: `Cannot use "${name}" together with "${proxy.variable}": ` +
        "this build shows no client certificate through an HTTP proxy",
      remedy: elsewhere,
    });
  }
  if (proxy.url.startsWith("https:")) {
    throw new AuthError("setting-invalid", {
      message: `Cannot use "${proxy.variable}" for the proxy's own connections: ` +
        "this build opens no tunnel through a proxy that is spoken to over https",
      remedy: elsewhere,
    });
  }
}
