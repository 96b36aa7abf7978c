import { existsSync } from "node:fs";
import { basename, delimiter, join, resolve } from "node:path";
import process from "node:process";
import type { Azure } from "../../support/azure/start_azure.ts";
import type { Variant } from "./suite.ts";

const ROOT = join(import.meta.dirname ?? ".", "..", "..", "..");

/** Variables that `exec` sets or removes; everything else has to arrive as it was. */
const OWN = [
  ...["MLFLOW_TRACKING_TOKEN", "MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD"],
  ...["MLFLOW_TRACKING_AUTH", "MLFLOW_TRACKING_AWS_SIGV4", "MLFLOW_USERNAME", "MLFLOW_PASSWORD", "MLFLOW_TOKEN"],
  ...["ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"],
];

/** Variables that `exec --proxy` sets or removes besides. */
const OF_PROXY = [
  ...["MLFLOW_TRACKING_URI", "MLFLOW_REGISTRY_URI", "NO_PROXY", "no_proxy"],
  ...["MLFLOW_TRACKING_SERVER_CERT_PATH", "MLFLOW_TRACKING_CLIENT_CERT_PATH", "MLFLOW_TRACKING_INSECURE_TLS"],
];

/** Paths of the builds to compare: those that MLFLOW_AUTH_BINARIES names, else those that were compiled. */
export function builds(): readonly string[] {
  const named = process.env["MLFLOW_AUTH_BINARIES"]?.split(delimiter).filter((path) => path !== "");
  const paths = named ?? ["mlflow-auth", "mlflow-auth-bun"].map((name) => join(ROOT, "dist", name)).filter(existsSync);
  return paths.map((path) => resolve(path));
}

/** Puts one more secret beside `mlflow` in the vault that answers on loopback. */
function addSecret({ world }: Azure, { name, value }: { readonly name: string; readonly value: string }): void {
  for (const { secrets } of world.vaults) {
    const versions = secrets.get("mlflow") ?? [];
    secrets.set(name, versions.slice(-1).map((version) => ({ ...version, value })));
  }
}

/**
 * Describes how the suite starts commands with a proxy beside them. Nobody asks the proxy for anything, so no tracking server answers.
 *
 * @param path the build
 * @param azure where the credential comes from
 * @returns the variant
 */
export async function proxiedVariantOf(path: string, azure: Azure): Promise<Variant> {
  const { name, runtime, way } = await variantOf(path, azure);
  return {
    name: `${name} --proxy`,
    runtime,
    way: {
      prefix: [path, "exec", "--proxy", "--"],
      environ: [...way.environ, "MLFLOW_TRACKING_URI=http://127.0.0.1:9"],
      own: [...way.own, ...OF_PROXY],
    },
    // The token is the proxy's key, which is always short.
    proxied: true,
  };
}

/**
 * Describes how the suite starts commands with a credential that the kernel keeps.
 *
 * @param path the build
 * @param azure where the credential comes from
 * @returns the variant
 */
export async function cachedVariantOf(path: string, azure: Azure): Promise<Variant> {
  const variant = await variantOf(path, azure);
  return {
    ...variant,
    name: `${variant.name} --cache`,
    way: { ...variant.way, prefix: [path, "exec", "--cache", "--"] },
  };
}

/**
 * Describes how the suite starts commands through a build of the whole program: `exec --` with a credential from a stand-in.
 *
 * @param path the build
 * @param azure where the credential comes from
 * @returns the variant
 */
export async function variantOf(path: string, azure: Azure): Promise<Variant> {
  const identity = await azure.identity("client-secret");
  const environ = Object.entries({ ...azure.vault(), ...azure.direct, ...identity }).map(([name, value]) =>
    `${name}=${value}`
  );
  return {
    name: basename(path),
    runtime: basename(path).includes("bun") ? "bun" : "deno",
    way: { prefix: [path, "exec", "--"], environ, own: OWN },
    tokenOf: (length) => {
      const name = `long-${length}`;
      addSecret(azure, { name, value: "c".repeat(length) });
      return [`MLFLOW_AZURE_SECRET_NAME=${name}`];
    },
  };
}
