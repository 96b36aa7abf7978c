import { AuthError } from "../core/errors.ts";
import type { Settings } from "../core/settings.ts";

/**
 * Tells whether a host may get the credential.
 *
 * @param url where the credential would go
 * @param patterns host patterns with `*` (any characters) and `?` (one character), in any case; one with a port is compared with
 * the host and its port
 * @returns whether one of them matches
 *
 * @example
 * ```ts
 * import { isAllowedHost } from "./allowed_hosts.ts";
 * import assert from "node:assert/strict";
 *
 * assert.ok(isAllowedHost(new URL("https://mlflow.corp.example/x"), ["*.corp.example"]));
 * assert.ok(!isAllowedHost(new URL("https://corp.example.evil.example"), ["*.corp.example"]));
 * ```
 */
export function isAllowedHost(url: URL, patterns: readonly string[]): boolean {
  const port = url.port === "" ? (url.protocol === "https:" ? "443" : "80") : url.port;
  const names = [url.hostname, url.hostname.replace(/^\[(.*)\]$/, "$1"), `${url.hostname}:${port}`];
  return patterns.some((pattern) => names.some((name) => matches(name, pattern)));
}

function matches(name: string, pattern: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*").replaceAll("?", ".");
  return new RegExp(`^${escaped}$`, "i").test(name);
}

/**
 * Refuses a tracking server or registry that may not get the credential, before anything is asked of Azure.
 *
 * @param settings the tracking URI and the allowed hosts; without an allow list every host may
 * @param env where `MLFLOW_REGISTRY_URI` is: MLflow sends the same credential there
 * @throws {AuthError} `host-not-allowed`; `setting-invalid` for an http(s) URI that clients may read differently
 *
 * @example
 * ```ts
 * import { checkTrackingHost } from "./allowed_hosts.ts";
 * import { readSettings } from "../core/read_settings.ts";
 * import assert from "node:assert/strict";
 *
 * const env = { MLFLOW_TRACKING_URI: "https://evil.example", MLFLOW_SECRETS_ALLOWED_HOSTS: "mlflow.corp.example" };
 * assert.throws(() => checkTrackingHost(readSettings({ env }).settings, env), { code: "host-not-allowed" });
 * ```
 */
export function checkTrackingHost(
  settings: Pick<Settings, "trackingUri" | "allowedHosts">,
  env: Readonly<Record<string, string | undefined>>,
): void {
  const patterns = settings.allowedHosts.value;
  if (patterns === undefined) return;
  checkHost({ name: "MLFLOW_TRACKING_URI", uri: settings.trackingUri.value }, patterns);
  checkHost({ name: "MLFLOW_REGISTRY_URI", uri: env["MLFLOW_REGISTRY_URI"] }, patterns);
}

function checkHost(
  { name, uri }: { readonly name: string; readonly uri: string | undefined },
  patterns: readonly string[],
): void {
  if (uri === undefined || !/^\s*https?:/i.test(uri)) return;
  // Python takes the host after the last @, a browser's parser ends it at a backslash: where they may differ, nothing is sent.
  if (!URL.canParse(uri) || /[\\\s\p{Cc}]/u.test(uri)) {
    throw new AuthError("setting-invalid", {
      message: `Cannot use "${name}": expected a plain URL, as MLFLOW_SECRETS_ALLOWED_HOSTS is set`,
      remedy: `export ${name}=https://HOST without blanks and backslashes`,
    });
  }
  const url = new URL(uri);
  if (isAllowedHost(url, patterns)) return;
  throw new AuthError("host-not-allowed", {
    message: `Cannot hand a credential to "${url.host}": MLFLOW_SECRETS_ALLOWED_HOSTS does not name it`,
    remedy: `add ${url.hostname} to MLFLOW_SECRETS_ALLOWED_HOSTS, or correct ${name}`,
  });
}
