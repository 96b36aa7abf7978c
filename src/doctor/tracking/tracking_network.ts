import { errorCode } from "../../core/error_code.ts";
import { AuthError } from "../../core/errors.ts";
import type { Host } from "../../core/host.ts";
import type { Network } from "../../core/network.ts";
import { nameOf } from "../../core/settings/setting_name.ts";
import type { Settings } from "../../core/settings/settings.ts";
import { showPath } from "../../core/shown.ts";

/** How the tracking server is reached as MLflow's clients reach it, and as we could. */
export interface TrackingNetwork {
  /** What MLflow's clients trust and show. */
  readonly network: Network;
  /** The variable that names their roots; `undefined` where they trust the built-in ones. */
  readonly trustedBy: string | undefined;
  /** With the roots that only we trust, and the file that holds them. */
  readonly ours?: { readonly network: Network; readonly path: string; readonly variable: string };
}

/** The variables that name roots for MLflow's clients; the first that is set counts alone. */
const ROOTS = ["MLFLOW_TRACKING_SERVER_CERT_PATH", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"] as const;

/**
 * Reads the files that MLflow's clients use to reach the tracking server.
 *
 * @param settings `MLFLOW_TRACKING_SERVER_CERT_PATH`, `MLFLOW_TRACKING_CLIENT_CERT_PATH` and `MLFLOW_AUTH_CA_BUNDLE`
 * @param parts roots that we trust, the environment and the file system
 * @returns how to send requests to the tracking server
 * @throws {AuthError} `setting-invalid` for a file that cannot be read, or that does not hold what it is for
 *
 * @example
 * ```ts
 * import { loadTrackingNetwork } from "./tracking_network.ts";
 * import { readSettings } from "../../core/settings/read_settings.ts";
 * import assert from "node:assert/strict";
 *
 * const env = { MLFLOW_TRACKING_SERVER_CERT_PATH: "/ca.pem" };
 * const pem = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----";
 * const host = { env, readText: () => Promise.resolve(pem) };
 * const { network, trustedBy } = await loadTrackingNetwork(readSettings({ env }).settings, { base: {}, host });
 * assert.deepEqual([network.extraRoots, trustedBy], [pem, "MLFLOW_TRACKING_SERVER_CERT_PATH"]);
 * ```
 */
export async function loadTrackingNetwork(
  settings: Pick<Settings, "serverCertPath" | "clientCertPath" | "caBundle">,
  { base, host }: { readonly base: Network; readonly host: Pick<Host, "readText" | "env"> },
): Promise<TrackingNetwork> {
  const values: Readonly<Record<string, string | undefined>> = {
    ...host.env,
    MLFLOW_TRACKING_SERVER_CERT_PATH: settings.serverCertPath.value,
  };
  const trustedBy = ROOTS.find((name) => (values[name] ?? "") !== "");
  const [roots, clientCertificate] = await Promise.all([
    trustedBy === undefined ? undefined : readRoots(trustedBy, { path: values[trustedBy] ?? "", host }),
    settings.clientCertPath.value === undefined ? undefined : readClient(settings.clientCertPath.value, host),
  ]);
  const client = clientCertificate === undefined ? {} : { clientCertificate };
  const network: Network = { ...(roots === undefined ? {} : { extraRoots: roots }), ...client };
  const path = settings.caBundle.value;
  if (base.extraRoots === undefined || path === undefined || base.extraRoots === roots) return { network, trustedBy };
  const both = [roots, base.extraRoots].filter((pem) => pem !== undefined).join("\n");
  const variable = nameOf(settings.caBundle, "MLFLOW_AUTH_CA_BUNDLE");
  return { network, trustedBy, ours: { network: { ...client, extraRoots: both }, path, variable } };
}

interface PemFile {
  readonly path: string;
  readonly host: Pick<Host, "readText">;
}

async function readPem(variable: string, { path, host }: PemFile): Promise<string> {
  try {
    return await host.readText(path);
  } catch (cause) {
    const code = errorCode(cause);
    throw refuse(variable, {
      so: code === "ENOENT"
        ? `there is no file "${showPath(path)}"`
        : `"${showPath(path)}" cannot be read (${code ?? "unknown"})`,
      remedy: `name an existing PEM file, or: unset ${variable}`,
      cause,
    });
  }
}

async function readRoots(variable: string, file: PemFile): Promise<string> {
  const text = await readPem(variable, file);
  if (/-----BEGIN (TRUSTED |X509 )?CERTIFICATE-----/.test(text)) return text;
  throw refuse(variable, {
    so: `"${showPath(file.path)}" holds no certificate`,
    remedy: `name a PEM file of root certificates, or: unset ${variable}`,
  });
}

/** MLflow's client wants both in one file, and asks a terminal for the password of a key that has one. */
async function readClient(path: string, host: Pick<Host, "readText">): Promise<string> {
  const variable = "MLFLOW_TRACKING_CLIENT_CERT_PATH";
  const text = await readPem(variable, { path, host });
  const shown = showPath(path);
  if (!text.includes("-----BEGIN ")) {
    throw refuse(variable, {
      so: `"${shown}" is no PEM file`,
      remedy: "write certificate and key into one PEM file: openssl pkcs12 -in client.pfx -nodes -out client.pem",
    });
  }
  const missing = [
    ...(/-----BEGIN (TRUSTED |X509 )?CERTIFICATE-----/.test(text) ? [] : ["certificate"]),
    ...(/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text) ? [] : ["private key"]),
  ];
  if (missing.length > 0) {
    throw refuse(variable, {
      so: `"${shown}" holds no ${missing.join(" and no ")}`,
      remedy: "write the certificate and its private key into one file: cat client.crt client.key > client.pem",
    });
  }
  if (/ENCRYPTED/.test(text)) {
    throw refuse(variable, {
      so: `the private key in "${shown}" has a password, which MLflow's clients ask a terminal for`,
      remedy: "take the password off, and put the certificate behind it: " +
        "openssl pkey -in client.pem -out client.key; openssl x509 -in client.pem >>client.key",
    });
  }
  return text;
}

function refuse(
  variable: string,
  { so, remedy, cause }: { readonly so: string; readonly remedy: string; readonly cause?: unknown },
): AuthError {
  return new AuthError("setting-invalid", { message: `Cannot use "${variable}": ${so}`, remedy, cause });
}
