import { errorCode } from "../../core/error_code.ts";
import { AuthError } from "../../core/errors.ts";
import type { Host } from "../../core/host.ts";
import type { Network } from "../../core/network.ts";
import { nameOf } from "../../core/settings/setting_name.ts";
import type { Settings } from "../../core/settings/settings.ts";
import { pathWord, showPath } from "../../core/shown.ts";
import { readHashedFolder } from "./hashed_folder.ts";

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

/** What the files are read from. */
type FilesHost = Pick<Host, "readText" | "listFolder" | "env">;

/**
 * Reads the files that MLflow's clients use to reach the tracking server. Of a server that is reached without TLS they read no roots.
 *
 * @param settings `MLFLOW_TRACKING_SERVER_CERT_PATH`, `MLFLOW_TRACKING_CLIENT_CERT_PATH`, `MLFLOW_AUTH_CA_BUNDLE` and the server's address
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
 * const host = { env, readText: () => Promise.resolve(pem), listFolder: () => Promise.reject(new Error("no folder")) };
 * const { network, trustedBy } = await loadTrackingNetwork(readSettings({ env }).settings, { base: {}, host });
 * assert.deepEqual([network.extraRoots, trustedBy], [pem, "MLFLOW_TRACKING_SERVER_CERT_PATH"]);
 * ```
 */
export async function loadTrackingNetwork(
  settings: Pick<Settings, "trackingUri" | "serverCertPath" | "clientCertPath" | "caBundle">,
  { base, host }: { readonly base: Network; readonly host: FilesHost },
): Promise<TrackingNetwork> {
  const values: Readonly<Record<string, string | undefined>> = {
    ...host.env,
    MLFLOW_TRACKING_SERVER_CERT_PATH: settings.serverCertPath.value,
  };
  const isPlain = /^http:/i.test(settings.trackingUri.value ?? "");
  const trustedBy = isPlain ? undefined : ROOTS.find((name) => (values[name] ?? "") !== "");
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
  readonly host: Pick<Host, "readText" | "listFolder">;
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
  const { path, host } = file;
  // A folder is told from a file by listing it: systems have several errors for reading one.
  const names = await host.listFolder(path.replace(/(.)\/+$/, "$1")).catch(() => undefined);
  if (names !== undefined) return await readRootsOfFolder(variable, { path, host, names });
  const text = await readPem(variable, file);
  if (/-----BEGIN (TRUSTED |X509 )?CERTIFICATE-----/.test(text)) return text;
  throw refuse(variable, {
    so: `"${showPath(file.path)}" holds no certificate`,
    remedy: `name a PEM file of root certificates, or: unset ${variable}`,
  });
}

async function readRootsOfFolder(
  variable: string,
  { path, host, names }: PemFile & { readonly names: readonly string[] },
): Promise<string> {
  const folder = path.replace(/\/+$/, "");
  const pem = (await readHashedFolder(folder, { names, host })).join("");
  if (pem !== "") return pem;
  throw refuse(variable, {
    so: `"${showPath(path)}" holds no certificate under the name by which OpenSSL looks for it`,
    remedy: `give them those names: openssl rehash ${pathWord(path)}`,
  });
}

/** MLflow's client wants both in one file, and asks a terminal for the password of a key that has one. */
async function readClient(path: string, host: PemFile["host"]): Promise<string> {
  const variable = "MLFLOW_TRACKING_CLIENT_CERT_PATH";
  const text = await readPem(variable, { path, host });
  const shown = showPath(path);
  if (!text.includes("-----BEGIN ")) {
    throw refuse(variable, {
      so: `"${shown}" is no PEM file`,
      remedy: `write certificate and key into one PEM file: openssl pkcs12 -in ${
        pathWord(path)
      } -nodes -out client.pem && export ${variable}=client.pem`,
    });
  }
  const missing = [
    ...(/-----BEGIN (TRUSTED |X509 )?CERTIFICATE-----/.test(text) ? [] : ["certificate"]),
    ...(/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text) ? [] : ["private key"]),
  ];
  if (missing.length > 0) {
    throw refuse(variable, {
      so: `"${shown}" holds no ${missing.join(" and no ")}`,
      remedy: `put what is missing behind it: cat ${
        missing.length > 1 ? "client.crt client.key" : missing[0] === "certificate" ? "client.crt" : "client.key"
      } >>${pathWord(path)}`,
    });
  }
  if (/ENCRYPTED/.test(text)) {
    throw refuse(variable, {
      so: `the private key in "${shown}" has a password, which MLflow's clients ask a terminal for`,
      remedy: `take the password off: openssl pkey -in ${pathWord(path)} -out client.pem && openssl x509 -in ${
        pathWord(path)
      } >>client.pem && export ${variable}=client.pem`,
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
