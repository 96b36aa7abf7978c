import { createHash } from "node:crypto";
import type { Host } from "../../core/host.ts";
import type { Keyring } from "../../core/keyring.ts";
import { Secret } from "../../core/secret.ts";
import type { SettingKey, Settings } from "../../core/settings.ts";

/**
 * Whether a setting can change which credential a run gets, so that another value must not find what this one kept. What only
 * decides whether a run may go on is looked at before anything kept is.
 */
export const DECIDES: Readonly<Record<SettingKey, boolean>> = {
  vaultUrl: true,
  secretName: true,
  secretVersion: true,
  authMode: true,
  ttlSec: false,
  deadlineSec: false,
  cache: false,
  tokenScope: true,
  cloud: true,
  tenantId: true,
  clientId: true,
  clientSecret: true,
  certificatePath: true,
  certificatePassword: true,
  sendCertificateChain: true,
  federatedTokenFile: true,
  oidcRequestUrl: true,
  oidcRequestToken: true,
  tokenCredentials: true,
  authorityHost: true,
  enable: false,
  enableAzure: false,
  allowedHosts: false,
  trustedVaultHosts: true,
  logLevel: false,
  headerName: false,
  caBundle: true,
  httpsProxy: true,
  httpProxy: true,
  noProxy: true,
  trackingUri: false,
  serverCertPath: false,
  clientCertPath: false,
  insecureTls: false,
};

/** Variables that platforms set, which identities read besides the settings. */
const PLATFORM = /^(AZURE|AZURESUBSCRIPTION|IDENTITY|IMDS|MSI|SYSTEM)_|^(HOME|USER)$/;

function textOf(value: unknown): unknown {
  if (value instanceof Secret) return value.reveal();
  return value instanceof URL ? value.href : value ?? null;
}

/**
 * One number for everything that decides which credential a run gets: this start of the machine, the user, the settings with their
 * secrets, and the platform's variables. It tells nothing about them.
 *
 * @param settings every setting
 * @param world the environment, and the keyring whose machine and user count
 * @returns 64 hexadecimal digits
 *
 * @example
 * ```ts
 * import { fingerprint } from "./fingerprint.ts";
 * import { readSettings } from "../../core/read_settings.ts";
 * import assert from "node:assert/strict";
 *
 * const world = { env: {}, keyring: { bootId: "b", uid: 1000 } };
 * const of = (env: Record<string, string>) => fingerprint(readSettings({ env }).settings, world);
 * assert.match(of({}), /^[0-9a-f]{64}$/);
 * assert.notEqual(of({}), of({ MLFLOW_AZURE_SECRET_NAME: "mlflow" }));
 * assert.equal(of({}), of({ MLFLOW_AZURE_TTL_SEC: "60" }));
 * ```
 */
export function fingerprint(
  settings: Settings,
  world: { readonly env: Host["env"]; readonly keyring: Pick<Keyring, "bootId" | "uid"> },
): string {
  const decided = Object.entries(DECIDES).filter(([, decides]) => decides)
    .map(([key]) => [key, textOf(settings[key as SettingKey].value)]);
  const platform = Object.entries(world.env).filter(([name, value]) => PLATFORM.test(name) && value !== undefined)
    .sort(([one], [other]) => one < other ? -1 : 1);
  const all = JSON.stringify([world.keyring.bootId, world.keyring.uid, decided, platform]);
  // Not `crypto.subtle`, which would start a thread for it.
  return createHash("sha256").update(all).digest("hex");
}
