import { createHash } from "node:crypto";
import type { Host } from "../../core/host.ts";
import type { Keyring } from "../../core/keyring.ts";
import { Secret } from "../../core/secret.ts";
import { type SettingKey, SETTINGS, type Settings } from "../../core/settings/settings.ts";

/**
 * Settings that cannot change which credential a run gets; another value of any other must not find what this one kept. What only
 * decides whether a run may go on is looked at before anything kept is.
 */
export const DECIDE_NOTHING: ReadonlySet<SettingKey> = new Set([
  "ttlSec",
  "deadlineSec",
  "cache",
  "enable",
  "enableAzure",
  "allowedHosts",
  "logLevel",
  "headerName",
  "trackingUri",
  "serverCertPath",
  "clientCertPath",
  "insecureTls",
]);

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
 * import { readSettings } from "../../core/settings/read_settings.ts";
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
  const decided = SETTINGS.filter(({ key }) => !DECIDE_NOTHING.has(key))
    .map(({ key }) => [key, textOf(settings[key].value)]);
  const platform = Object.entries(world.env).filter(([name, value]) => PLATFORM.test(name) && value !== undefined)
    .sort(([one], [other]) => one < other ? -1 : 1);
  const all = JSON.stringify([world.keyring.bootId, world.keyring.uid, decided, platform]);
  // Not `crypto.subtle`, which would start a thread for it.
  return createHash("sha256").update(all).digest("hex");
}
