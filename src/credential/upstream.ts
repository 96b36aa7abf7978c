import { isLoopback } from "../core/host_name.ts";
import { AuthError } from "../core/errors.ts";
import type { Settings } from "../core/settings/settings.ts";
import { checkNotProxied, isSamePlace } from "./proxied.ts";

/** What says where a proxy forwards to. */
export type UpstreamSettings = Pick<Settings, "trackingUri" | "insecureTls">;

const parsed = (uri: string): URL | undefined =>
  /^\s*https?:\/\/[^/]/i.test(uri) && URL.canParse(uri) ? new URL(uri) : undefined;

/**
 * Says where a proxy forwards to, and refuses what it cannot or should not do.
 *
 * @param settings the tracking server
 * @param options the environment, where the registry is, and whether the credential may cross the network unencrypted
 * @returns the tracking server, without user name and password
 * @throws {AuthError} `setting-missing`, `mlflow-uri-unsupported`, `tracking-plain-http`, `tls-untrusted`, `registry-elsewhere`,
 * `proxy-nested`
 *
 * @example
 * ```ts
 * import { upstreamOf } from "./upstream.ts";
 * import { readSettings } from "../core/settings/read_settings.ts";
 * import assert from "node:assert/strict";
 *
 * const env = { MLFLOW_TRACKING_URI: "https://mlflow.example/team", MLFLOW_REGISTRY_URI: "https://other.example" };
 * const { settings } = readSettings({ env });
 * assert.equal(upstreamOf(settings, { env: {}, allowHttp: false }).href, "https://mlflow.example/team");
 * assert.throws(() => upstreamOf(settings, { env, allowHttp: false }), { code: "registry-elsewhere" });
 * ```
 */
export function upstreamOf(
  settings: UpstreamSettings,
  { env, allowHttp }: { readonly env: Readonly<Record<string, string | undefined>>; readonly allowHttp: boolean },
): URL {
  checkNotProxied(env);
  const { value } = settings.trackingUri;
  if (value === undefined) {
    throw new AuthError("setting-missing", {
      message: 'Cannot start the proxy: "MLFLOW_TRACKING_URI" is not set',
      remedy: "name an MLflow server: export MLFLOW_TRACKING_URI=https://HOST",
    });
  }
  const url = parsed(value);
  if (url === undefined) {
    throw new AuthError("mlflow-uri-unsupported", {
      message: 'Cannot start the proxy for "MLFLOW_TRACKING_URI": it names no http(s) server',
      remedy: "name an MLflow server: export MLFLOW_TRACKING_URI=https://HOST",
    });
  }
  checkTransport(url, { allowHttp, insecureTls: settings.insecureTls.value });
  checkRegistry(url, env["MLFLOW_REGISTRY_URI"]);
  url.username = "";
  url.password = "";
  return url;
}

function checkTransport(url: URL, options: { readonly allowHttp: boolean; readonly insecureTls: boolean }): void {
  if (url.protocol === "http:" && !isLoopback(url.hostname) && !options.allowHttp) {
    throw new AuthError("tracking-plain-http", {
      message: `Cannot keep the credential private on the way to "${url.host}": the URI begins with http://`,
      remedy:
        `pass --allow-http on a network you trust, or: export MLFLOW_TRACKING_URI=https://${url.host}${url.pathname}`,
    });
  }
  if (url.protocol === "https:" && options.insecureTls) {
    throw new AuthError("tls-untrusted", {
      message:
        'Cannot keep "MLFLOW_TRACKING_INSECURE_TLS": the proxy sends the credential to no server whose certificate it cannot check',
      remedy: "unset MLFLOW_TRACKING_INSECURE_TLS; export MLFLOW_AUTH_CA_BUNDLE=<PEM file with the server's root>",
    });
  }
}

function checkRegistry(tracking: URL, registry: string | undefined): void {
  const url = parsed(registry ?? "");
  if (url === undefined || isSamePlace(tracking, url)) return;
  throw new AuthError("registry-elsewhere", {
    message: `Cannot put the proxy before "${url.host}": MLFLOW_REGISTRY_URI is not the address of the tracking server`,
    remedy: "if the registry is on the tracking server: unset MLFLOW_REGISTRY_URI",
  });
}
