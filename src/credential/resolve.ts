import { readAccessToken, type ScopedToken } from "../azure/sign_in/access_token.ts";
import { chooseIdentity } from "../azure/sign_in/choose_identity.ts";
import type { AzureHost, SignInOptions } from "../azure/sign_in/signed_in.ts";
import { readSecret, type VaultSecret } from "../azure/vault/key_vault.ts";
import { loadNetwork, type RootsHost } from "../azure/http/network.ts";
import { locateVault, type Vault } from "../azure/vault/vault.ts";
import { AuthError } from "../core/errors.ts";
import { startCountdown } from "../core/countdown.ts";
import type { Log } from "../core/log.ts";
import type { Secret } from "../core/secret.ts";
import { nameOf } from "../core/settings/setting_name.ts";
import type { Settings } from "../core/settings/settings.ts";
import { checkTrackingHost } from "./allowed_hosts.ts";
import { type Credential, parseCredential } from "./parse.ts";
import { tokenScopeOf } from "./token_scope.ts";

/** A credential, and where it came from. */
export interface Resolved {
  readonly credential: Credential;
  /** When it ends by what Azure says: a secret's date of expiry, an access token's end. Milliseconds since the Unix epoch. */
  readonly expiresAtMs: number | undefined;
  /** Version of the secret. */
  readonly version: string | undefined;
  readonly source: SecretSource | TokenSource;
}

/** A secret of a vault. */
export interface SecretSource {
  readonly kind: "secret";
  readonly secret: VaultSecret;
  readonly vault: Vault;
}

/** An access token of the identity's own. */
export interface TokenSource {
  readonly kind: "token";
  readonly token: ScopedToken;
}

/** The part of the world that resolving needs. */
export type ResolveHost = AzureHost & RootsHost;

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
 * import { readSettings } from "../core/settings/read_settings.ts";
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
  const network = await loadNetwork(settings, world);
  return await inTime({ ...world, settings, network }, async (options) => {
    const scope = settings.tokenScope.value ?? "";
    const resolved = vault === undefined ? await fromToken(scope, options) : await fromVault(vault, options);
    const { credential, version } = resolved;
    const whose = vault === undefined
      ? `token for ${scope}`
      : `version ${version ?? "unknown"} of secret "${vault.name}"`;
    world.log.debug(`credential: ${credential.kind}, ${whose}`);
    return resolved;
  });
}

/**
 * Refuses what can be refused without a request: a provider that is switched off, a tracking host that may not get the credential,
 * a vault that may not see a token.
 *
 * @param settings what {@link readSettings} read
 * @param host where `MLFLOW_REGISTRY_URI` is
 * @returns the place of the secret; `undefined` where the credential is an access token of the identity's own
 * @throws {AuthError} `disabled`, `host-not-allowed`, `setting-conflict`, or any code of {@link locateVault}
 */
export function refuseLocally(settings: Settings, host: Pick<ResolveHost, "env">): Vault | undefined {
  checkEnabled(settings);
  checkTrackingHost(settings, host.env);
  return tokenScopeOf(settings) === undefined ? locateVault(settings) : undefined;
}

/**
 * Turns the text of a secret into a credential, in the mode of the settings.
 *
 * @param text value of the secret
 * @param options the secret's name, and the setting of the mode
 * @returns the credential
 * @throws {AuthError} `credential-invalid` or `credential-mode`
 */
export function parseSecret(
  text: Secret,
  { name, settings: { authMode } }: { readonly name: string; readonly settings: Pick<Settings, "authMode"> },
): Credential {
  return parseCredential(text, { name, mode: authMode.value, modeName: nameOf(authMode, "MLFLOW_AZURE_AUTH_MODE") });
}

async function fromVault(vault: Vault, options: SignInOptions): Promise<Resolved> {
  const secret = await readSecret(vault, options);
  const credential = parseSecret(secret.value, { name: vault.name, settings: options.settings });
  const { version, expiresOn } = secret;
  return { credential, expiresAtMs: expiresOn?.getTime(), version, source: { kind: "secret", secret, vault } };
}

async function fromToken(scope: string, options: SignInOptions): Promise<Resolved> {
  const token = await readAccessToken(scope, options);
  const { expiresAtMs } = token.facts;
  return {
    credential: { kind: "bearer", token: token.token },
    expiresAtMs,
    version: undefined,
    source: { kind: "token", token },
  };
}

/** Chooses who to be and asks, both within the one deadline of a run. */
async function inTime<T>(
  options: Omit<SignInOptions, "identity" | "countdown">,
  ask: (options: SignInOptions) => Promise<T>,
): Promise<T> {
  const { settings, host, log } = options;
  const countdown = startCountdown(settings.deadlineSec.value * 1000, host);
  try {
    const { identity } = await chooseIdentity(settings, host);
    log.debug(`identity: ${identity.name}`);
    return await ask({ ...options, identity, countdown });
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
    remedy: `unset ${off}`,
  });
}
