import { isGuid } from "../../core/shown.ts";
import { overlapped } from "../http/overlap.ts";
import { RETRY_OPTIONS } from "../sign_in/client_options.ts";
import { type SignedIn, signedIn, type SignInOptions } from "../sign_in/signed_in.ts";
import { pinned } from "./pinned.ts";
import type { Vault } from "./vault.ts";
import { toVaultSecret, validityWarning, type VaultSecret } from "./vault_secret.ts";

export type { VaultSecret } from "./vault_secret.ts";

/** Version of Key Vault's REST interface that every cloud has. */
const API_VERSION = "7.6";

/**
 * The URL at which a vault is asked first, without a token, as the SDK writes it: with the hyphen escaped.
 *
 * @param vault the secret's place
 * @returns the URL
 */
export function challengeUrl({ origin, name, version }: Vault): string {
  return `${origin}/secrets/${name}/${version ?? ""}?api%2Dversion=${API_VERSION}`;
}

async function fetchSecret(vault: Vault, { identity, context, source, signal }: SignedIn): Promise<VaultSecret> {
  const tenant = identity.tenant(context.settings);
  const early = tenant === "any" || (tenant !== undefined && isGuid(tenant));
  const credential = early
    ? overlapped(source, { scope: vault.scope, tenantId: tenant === "any" ? undefined : tenant })
    : source;
  // Where a name took longer to be looked up than the first half of the SDK to be read.
  await context.leave();
  const { SecretClient } = await import("../sdk/secret_client.ts");
  const client = new SecretClient(vault.origin, pinned(credential, vault), {
    httpClient: context.options.httpClient,
    serviceVersion: API_VERSION,
    retryOptions: RETRY_OPTIONS,
    disableChallengeResourceVerification: vault.trusted,
  });
  const secret = await client.getSecret(vault.name, {
    ...(vault.version === undefined ? {} : { version: vault.version }),
    abortSignal: signal,
  });
  return toVaultSecret(secret, identity.name);
}

/**
 * Reads one secret: chooses an identity, gets a token and asks the vault. The token is asked for while the vault says which one it
 * wants. A secret that has expired or is not valid yet is given all the same, with a warning.
 *
 * @param vault the secret's place, of {@link locateVault}
 * @param options the settings, the world, and who ends the reading
 * @returns the secret and what the vault says about it
 * @throws {AuthError} of any `identity-*`, `entra-*`, `vault-*`, `secret-*`, `network-*`, `tls-*` code, `tenant-mismatch` or `deadline`
 *
 * @see https://learn.microsoft.com/rest/api/keyvault/secrets/get-secret/get-secret
 */
export async function readSecret(vault: Vault, options: SignInOptions): Promise<VaultSecret> {
  const secret = await signedIn({
    doing: `Cannot read secret "${vault.name}" from "${vault.host}"`,
    vault,
    cloud: vault.cloud,
    wanted: { scope: vault.scope, enableCae: true },
    // The SDK takes a while to load: by then the vault has answered.
    ahead: (http) =>
      http.sendAhead({ method: "GET", url: challengeUrl(vault), headers: { accept: "application/json" } }),
    ask: (signed) => fetchSecret(vault, signed),
  }, options);
  const warning = validityWarning(secret, { vault, nowMs: options.host.now() });
  if (warning !== undefined) options.log.warning(warning);
  return secret;
}
