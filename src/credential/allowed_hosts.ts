import { AuthError } from "../core/errors.ts";
import { nameOf } from "../core/settings/setting_name.ts";
import type { Settings } from "../core/settings/settings.ts";

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
 * Variables that name a server to which MLflow's clients send the credential: the tracking server, the model registry, the AI gateway
 * under both of its names, and the store of workspaces.
 */
export const SERVER_VARIABLES: readonly string[] = [
  "MLFLOW_TRACKING_URI",
  "MLFLOW_REGISTRY_URI",
  "MLFLOW_DEPLOYMENTS_TARGET",
  "MLFLOW_GATEWAY_URI",
  "MLFLOW_WORKSPACE_STORE_URI",
];

/**
 * Refuses a server that may not get the credential, before anything is asked of Azure.
 *
 * @param settings the tracking URI and the allowed hosts; without an allow list every host may
 * @param env where {@link SERVER_VARIABLES} are
 * @throws {AuthError} `host-not-allowed`; `setting-invalid` for an http(s) URI that clients may read differently, and for any that
 * holds a control character
 *
 * @example
 * ```ts
 * import { checkTrackingHost } from "./allowed_hosts.ts";
 * import { readSettings } from "../core/settings/read_settings.ts";
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
  const { trackingUri } = settings;
  for (const name of SERVER_VARIABLES) {
    const uri = name === "MLFLOW_TRACKING_URI" ? trackingUri.value : env[name];
    checkHost({ name, uri }, { patterns, list: nameOf(settings.allowedHosts, "MLFLOW_SECRETS_ALLOWED_HOSTS") });
  }
}

function checkHost(
  { name, uri }: { readonly name: string; readonly uri: string | undefined },
  { patterns, list }: { readonly patterns: readonly string[]; readonly list: string },
): void {
  if (uri === undefined) return;
  // Python drops tabs and line breaks from inside of a URI, its scheme too, and control characters from its front.
  const isOdd = /\p{Cc}/u.test(uri);
  if (!isOdd && !/^\s*https?:/i.test(uri)) return;
  // Python takes the host after the last @, a browser's parser ends it at a backslash: where they may differ, nothing is sent.
  if (isOdd || !URL.canParse(uri) || /[\\\s]/.test(uri)) {
    throw new AuthError("setting-invalid", {
      message: `Cannot use "${name}": expected a plain URL, as ${list} is set`,
      remedy: `write it without blanks, control characters and backslashes: export ${name}=https://HOST`,
    });
  }
  const url = new URL(uri);
  if (isAllowedHost(url, patterns)) return;
  throw new AuthError("host-not-allowed", {
    message: `Cannot hand a credential to "${url.host}": ${list} does not name it`,
    remedy: `add ${url.hostname} to ${list}, or correct ${name}`,
  });
}
