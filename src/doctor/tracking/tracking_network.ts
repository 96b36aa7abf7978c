import { AuthError } from "../../core/errors.ts";
import { showPath } from "../../core/shown.ts";
import type { Host, Network } from "../../core/host.ts";
import type { Settings } from "../../core/settings.ts";

/**
 * Reads the files that MLflow's clients use to reach the tracking server.
 *
 * @param settings `MLFLOW_TRACKING_SERVER_CERT_PATH` and `MLFLOW_TRACKING_CLIENT_CERT_PATH`
 * @param parts roots that are trusted anyway, and the file system
 * @returns how to send requests to the tracking server
 * @throws {AuthError} `setting-invalid` for a file that cannot be read
 *
 * @example
 * ```ts
 * import { loadTrackingNetwork } from "./tracking_network.ts";
 * import { readSettings } from "../../core/read_settings.ts";
 * import assert from "node:assert/strict";
 *
 * const { settings } = readSettings({ env: { MLFLOW_TRACKING_SERVER_CERT_PATH: "/ca.pem" } });
 * const host = { readText: () => Promise.resolve("PEM") };
 * assert.deepEqual(await loadTrackingNetwork(settings, { base: {}, host }), { extraRoots: "PEM" });
 * ```
 */
export async function loadTrackingNetwork(
  settings: Pick<Settings, "serverCertPath" | "clientCertPath">,
  { base, host }: { readonly base: Network; readonly host: Pick<Host, "readText"> },
): Promise<Network> {
  const [server, client] = await Promise.all([
    readPem("MLFLOW_TRACKING_SERVER_CERT_PATH", { path: settings.serverCertPath.value, host }),
    readPem("MLFLOW_TRACKING_CLIENT_CERT_PATH", { path: settings.clientCertPath.value, host }),
  ]);
  const roots = [base.extraRoots, server].filter((pem) => pem !== undefined).join("\n");
  return {
    ...(roots === "" ? {} : { extraRoots: roots }),
    ...(client === undefined ? {} : { clientCertificate: client }),
  };
}

async function readPem(
  variable: string,
  { path, host }: { readonly path: string | undefined; readonly host: Pick<Host, "readText"> },
): Promise<string | undefined> {
  try {
    return path === undefined ? undefined : await host.readText(path);
  } catch (cause) {
    throw new AuthError("setting-invalid", {
      message: `Cannot use "${variable}": the file "${showPath(path ?? "")}" cannot be read`,
      remedy: `name an existing PEM file, or unset ${variable}`,
      cause,
    });
  }
}
