import { AuthError } from "../../core/errors.ts";
import type { Host, Network } from "../../core/host.ts";
import type { Settings } from "../../core/settings.ts";
import { errorCode } from "../../core/error_code.ts";
import { nameOf } from "../../core/setting_name.ts";

/**
 * Reads the file of extra roots.
 *
 * @param settings the file's path
 * @param host the file system
 * @returns what {@link Host.fetch} takes
 * @throws {AuthError} `setting-invalid` for a file that cannot be read or holds no certificate
 *
 * @example
 * ```ts
 * import { loadNetwork } from "./network.ts";
 * import { readSettings } from "../../core/read_settings.ts";
 * import assert from "node:assert/strict";
 *
 * const host = { readText: () => Promise.reject(new Error("not read")) };
 * assert.deepEqual(await loadNetwork(readSettings({ env: {} }).settings, host), {});
 * ```
 */
export async function loadNetwork(
  settings: Settings,
  host: Pick<Host, "readText">,
): Promise<Network> {
  const path = settings.caBundle.value;
  if (path === undefined) return {};
  const variable = nameOf(settings.caBundle, "MLFLOW_AUTH_CA_BUNDLE");
  const refuse = (is: string, cause?: unknown): AuthError =>
    new AuthError("setting-invalid", {
      message: `Cannot use "${variable}": ${is}`,
      remedy: `name a PEM file of root certificates, or unset ${variable}: openssl x509 -in ${path} -noout -subject`,
      cause,
    });
  let text: string;
  try {
    text = await host.readText(path);
  } catch (cause) {
    const code = errorCode(cause);
    throw refuse(
      code === "ENOENT" ? `there is no file ${path}` : `${path} cannot be read (${code ?? "unknown"})`,
      cause,
    );
  }
  const roots = text.match(/-----BEGIN (TRUSTED )?CERTIFICATE-----[\s\S]+?-----END (TRUSTED )?CERTIFICATE-----/g);
  if (roots === null) throw refuse(`${path} holds no certificate`);
  return { extraRoots: text };
}
