import { isLoopback } from "../../core/host_name.ts";
import { AuthError } from "../../core/errors.ts";
import type { Settings } from "../../core/settings/settings.ts";
import { isAllowedHost } from "../../credential/allowed_hosts.ts";
import type { Evidence } from "./evidence.ts";
import { trackingUrl } from "./tracking_url.ts";

/**
 * Whether a setting names the server that is looked at: then it gets the credential as `exec` would hand it over.
 *
 * @param settings the server that is looked at, which `--dry-run` may have named, and the allowed hosts
 * @param handedTo value of `MLFLOW_TRACKING_URI`, to whose server `exec` hands the credential
 * @returns false for a server that `--dry-run` alone names
 *
 * @example
 * ```ts
 * import { isNamed } from "./shown.ts";
 * import { readSettings } from "../../core/settings/read_settings.ts";
 * import assert from "node:assert/strict";
 *
 * const { settings } = readSettings({ env: { MLFLOW_SECRETS_ALLOWED_HOSTS: "*.corp.example" } });
 * const tried = (value: string) => ({ ...settings, trackingUri: { value, source: { from: "flag", name: "--dry-run" } } as const });
 * assert.ok(isNamed(tried("https://mlflow.corp.example/team"), undefined));
 * assert.ok(isNamed(tried("https://mlflow.example/team"), "https://mlflow.example"));
 * assert.ok(!isNamed(tried("http://mlflow.example"), "https://mlflow.example"));
 * ```
 */
export function isNamed(
  { trackingUri, allowedHosts }: Pick<Settings, "trackingUri" | "allowedHosts">,
  handedTo: string | undefined,
): boolean {
  const url = trackingUrl(trackingUri.value ?? "");
  if (url === undefined || trackingUri.source.from !== "flag") return true;
  return trackingUrl(handedTo ?? "")?.origin === url.origin || isAllowedHost(url, allowedHosts.value ?? []);
}

/**
 * Why a server that `--dry-run` alone names is not shown the credential: an address may be mistyped, or be somebody else's by now.
 *
 * @param found the address that was given, the one that answered, and what it answered to who shows no credential
 * @returns `host-not-allowed` with the line that allows it, or `undefined` for a server that answers as MLflow or a gate for
 * programs does, in private
 *
 * @example
 * ```ts
 * import { whyNotShown } from "./shown.ts";
 * import assert from "node:assert/strict";
 *
 * const start = new URL("https://parked.example");
 * const page = { start, base: start, isHealthy: false, evidence: { body: "page", isMlflow: false, isApi: false } } as const;
 * assert.equal(
 *   whyNotShown(page)?.remedy,
 *   "correct the address, or show it all the same: mlflow-auth doctor --allowed-hosts parked.example --dry-run https://parked.example",
 * );
 * assert.equal(whyNotShown({ ...page, isHealthy: true }), undefined);
 * ```
 */
export function whyNotShown(
  { start, base, evidence, isHealthy }: {
    readonly start: URL;
    readonly base: URL;
    readonly evidence: Evidence;
    readonly isHealthy: boolean;
  },
): AuthError | undefined {
  const address = `${start.origin}${start.pathname.replace(/\/+$/, "")}`;
  const allow = `mlflow-auth doctor --allowed-hosts ${start.host} --dry-run ${address}`;
  const refuse = (so: string, otherwise: string): AuthError =>
    new AuthError("host-not-allowed", {
      message: `Cannot show the credential to "${base.host}": ${so}, so it was not shown`,
      remedy: `${otherwise}, or show it all the same: ${allow}`,
    });
  if (!isHealthy && !evidence.isApi) {
    return refuse(
      "--dry-run alone names it, and it answers neither as MLflow nor as a gate for programs",
      "correct the address",
    );
  }
  if (base.protocol === "https:" || isLoopback(base.hostname)) return undefined;
  return refuse("--dry-run alone names it, and the URL begins with http://", `try https://${start.host}`);
}
