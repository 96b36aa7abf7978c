import { chooseIdentity } from "../azure/sign_in/choose_identity.ts";
import { type ReadHost, type ReadOptions, readSecret, type VaultSecret } from "../azure/vault/key_vault.ts";
import { loadNetwork } from "../azure/http/network.ts";
import { locateVault, type Vault } from "../azure/vault/vault.ts";
import { AuthError } from "../core/errors.ts";
import { startCountdown } from "../core/countdown.ts";
import type { Log } from "../core/log.ts";
import type { Settings } from "../core/settings.ts";
import { checkTrackingHost } from "./allowed_hosts.ts";
import { type Credential, parseCredential } from "./parse.ts";

/** A credential, and where it came from. */
export interface Resolved {
  readonly credential: Credential;
  readonly secret: VaultSecret;
  readonly vault: Vault;
  /** Version of the secret; `undefined` where it is not known. */
  readonly version: string | undefined;
  /** When the secret ends, in milliseconds since the Unix epoch; `undefined` where it does not. */
  readonly expiresAtMs: number | undefined;
}

/** The part of the world that resolving needs. */
export type ResolveHost = ReadHost;

/**
 * The whole program: settings, identity, secret, credential. Everything that can be refused without a request is refused first.
 *
 * @param settings what {@link readSettings} read
 * @param world the host, and a log for warnings
 * @returns the credential and where it came from
 * @throws {AuthError} any code of a run up to `credential-mode`
 *
 * @example
 * ```ts
 * import { resolveCredential } from "./resolve.ts";
 * import { makeLog } from "../core/log.ts";
 * import { readSettings } from "../core/read_settings.ts";
 * import { fakeHost } from "../../tests/support/host.ts";
 * import assert from "node:assert/strict";
 *
 * const { settings } = readSettings({ env: {} });
 * const log = makeLog("ERROR", () => {});
 * await assert.rejects(resolveCredential(settings, { host: fakeHost(), log }), { code: "setting-missing" });
 * ```
 */
export async function resolveCredential(
  settings: Settings,
  world: { readonly host: ResolveHost; readonly log: Log },
): Promise<Resolved> {
  const vault = refuseLocally(settings, world.host);
  const network = await loadNetwork(settings, world.host);
  const secret = await readInTime(vault, { ...world, settings, network });
  const credential = parseCredential(secret.value, { name: vault.name, mode: settings.authMode.value });
  world.log.debug(`credential: ${credential.kind}, version ${secret.version ?? "unknown"} of secret "${vault.name}"`);
  return { credential, secret, vault, version: secret.version, expiresAtMs: secret.expiresOn?.getTime() };
}

/**
 * Refuses what can be refused without a request: a provider that is switched off, a tracking host that may not get the credential,
 * a vault that may not see a token.
 *
 * @param settings what {@link readSettings} read
 * @param host where `MLFLOW_REGISTRY_URI` is
 * @returns the place of the secret
 * @throws {AuthError} `disabled`, `host-not-allowed`, or any code of {@link locateVault}
 */
export function refuseLocally(settings: Settings, host: Pick<ResolveHost, "env">): Vault {
  checkEnabled(settings);
  checkTrackingHost(settings, host.env);
  return locateVault(settings);
}

/** Chooses who to be and reads the secret, both within the one deadline of a run. */
async function readInTime(vault: Vault, options: Omit<ReadOptions, "identity" | "countdown">): Promise<VaultSecret> {
  const { settings, host, log } = options;
  const countdown = startCountdown(settings.deadlineSec.value * 1000, host);
  try {
    const { identity } = await chooseIdentity(settings, host);
    log.debug(`identity: ${identity.name}`);
    return await readSecret(vault, { ...options, identity, countdown });
  } finally {
    countdown.stop();
  }
}

/**
 * Refuses to run where the enable variables of the Python plugin switch Azure Key Vault off.
 *
 * @param settings the two enable settings; unset means enabled, since running the program asks for it
 * @throws {AuthError} `disabled`
 */
export function checkEnabled(settings: Pick<Settings, "enable" | "enableAzure">): void {
  const providers = settings.enable.value?.map((name) => name.toLowerCase());
  const off = settings.enableAzure.value === false
    ? "MLFLOW_SECRETS_AUTH_ENABLE_AZURE_KEY_VAULT"
    : providers !== undefined && !providers.includes("azure-key-vault") && settings.enableAzure.value !== true
    ? "MLFLOW_SECRETS_AUTH_ENABLE"
    : undefined;
  if (off === undefined) return;
  throw new AuthError("disabled", {
    message: `Cannot use Azure Key Vault: "${off}" does not allow azure-key-vault`,
    remedy: `unset ${off}, or export MLFLOW_SECRETS_AUTH_ENABLE=azure-key-vault`,
  });
}
