import type { AccessToken } from "@azure/identity";
import { AuthError } from "../../core/errors.ts";
import { type Countdown, startCountdown } from "../../core/countdown.ts";
import type { Host, Network } from "../../core/host.ts";
import type { Log } from "../../core/log.ts";
import type { Settings } from "../../core/settings.ts";
import { type Authority, locateAuthority } from "../entra/authority.ts";
import { answerDiscovery } from "../entra/discovery.ts";
import { explainFailure } from "../failures/failures.ts";
import { type AzureHttp, azureHttp } from "../http/http.ts";
import { chooseIdentity } from "../sign_in/choose_identity.ts";
import type { DetectionContext, Identity, TokenContext } from "../identities/identity.ts";
import { overlapped, type TokenSource } from "../http/overlap.ts";
import { httpClientOf } from "../http/http_client.ts";
import { clientOptions, RETRY_OPTIONS } from "../sign_in/client_options.ts";
import { flawOf } from "../../core/as_pasted.ts";
import { isGuid, shownId } from "../../core/shown.ts";
import { tenantOf } from "../sign_in/tenant.ts";
import { readTokenFacts } from "../entra/token_facts.ts";
import { pinned } from "./pinned.ts";
import type { Vault } from "./vault.ts";
import { toVaultSecret, validityWarning, type VaultSecret } from "./vault_secret.ts";

export type { VaultSecret } from "./vault_secret.ts";

/** Version of Key Vault's REST interface that every cloud has. */
const API_VERSION = "7.6";

/** The part of the world that reading a secret needs. */
export type ReadHost =
  & DetectionContext["host"]
  & Pick<Host, "env" | "home" | "platform" | "readText" | "isFile" | "fetch" | "now" | "sleep" | "randomHex">;

/** What {@link readSecret} works with. */
export interface ReadOptions {
  readonly settings: Settings;
  readonly host: ReadHost;
  readonly log: Log;
  readonly network: Network;
  /** Ends the reading. */
  readonly signal?: AbortSignal;
  /** Who to be; chosen here if it is left out. */
  readonly identity?: Identity;
  /** The time that is left for token, challenge and secret, and for what is asked again; all of it if it is left out. */
  readonly countdown?: Countdown;
}

/** The vault's URL as the SDK will ask for it first, without a token; it escapes the hyphen. */
function challengeUrl({ origin, name, version }: Vault): string {
  return `${origin}/secrets/${name}/${version ?? ""}?api%2Dversion=${API_VERSION}`;
}

function noting(source: TokenSource, note: (token: AccessToken) => void): TokenSource {
  return {
    async getToken(scopes, options) {
      const token = await source.getToken(scopes, options);
      if (token !== null) note(token);
      return token;
    },
  };
}

async function fetchSecret(
  vault: Vault,
  parts: {
    readonly identity: Identity;
    readonly context: TokenContext;
    readonly note: (token: AccessToken) => void;
    signal: AbortSignal;
  },
): Promise<VaultSecret> {
  const { identity, context, note, signal } = parts;
  const source = noting(await identity.connect(context), note);
  const tenant = identity.tenant(context.settings);
  const early = tenant === "any" || (tenant !== undefined && isGuid(tenant));
  const credential = early
    ? overlapped(source, { scope: vault.scope, tenantId: tenant === "any" ? undefined : tenant })
    : source;
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

async function connect(
  vault: Vault,
  options: ReadOptions,
  parts: {
    readonly identity: Identity;
    readonly authority: Authority;
    readonly http: AzureHttp;
    readonly signal: AbortSignal;
  },
): Promise<VaultSecret> {
  const { settings, host, log } = options;
  const { identity, authority, http, signal } = parts;
  // Packages of the SDK wait without looking at the signal: whatever they do, nobody waits for them beyond it.
  const { promise: late, reject } = Promise.withResolvers<never>();
  const end = (): void => reject(new Error("time is up"));
  signal.addEventListener("abort", end);
  let kept: AuthError | undefined;
  let token: AccessToken | undefined;
  try {
    const httpClient = await httpClientOf(http, (question) => answerDiscovery(question, authority));
    const context: TokenContext = {
      settings,
      host,
      authority,
      http,
      log,
      options: clientOptions(settings, { authority, httpClient }),
      keep: (error) => kept = error,
    };
    const note = (got: AccessToken): void => {
      token = got;
    };
    return await Promise.race([fetchSecret(vault, { identity, context, note, signal }), late]);
  } catch (error) {
    throw explainFailure(kept ?? error, {
      vault,
      identity,
      authority,
      tenantId: tenantOf(settings),
      clientId: shownId(settings.clientId.value),
      secretFlaw: flawOf(settings.clientSecret.value?.reveal() ?? ""),
      certificatePath: settings.certificatePath.value,
      federatedTokenFile: settings.federatedTokenFile.value,
      network: http.lastFailure() ??
        (signal.aborted ? { kind: "deadline", host: http.waitingFor() ?? vault.host } : undefined),
      busy: http.busy(),
      outOfTime: signal.aborted,
      deadlineSec: settings.deadlineSec.value,
      skewMs: http.skewMs(),
      token: token === undefined ? undefined : readTokenFacts(token),
    });
  } finally {
    signal.removeEventListener("abort", end);
  }
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
export async function readSecret(vault: Vault, options: ReadOptions): Promise<VaultSecret> {
  const { settings, host, log, network } = options;
  const identity = options.identity ?? (await chooseIdentity(settings, host)).identity;
  const authority = locateAuthority(settings, vault.cloud);
  const countdown = options.countdown ?? startCountdown(settings.deadlineSec.value * 1000, host);
  const done = new AbortController();
  const signal = AbortSignal.any([countdown.signal, done.signal, ...(options.signal ? [options.signal] : [])]);
  const http = azureHttp({ host, network, log, signal, leftMs: countdown.leftMs });
  // The SDK takes a while to load: by then the vault has answered.
  http.sendAhead({ method: "GET", url: challengeUrl(vault), headers: { accept: "application/json" } });
  try {
    const secret = await connect(vault, options, { identity, authority, http, signal });
    const warning = validityWarning(secret, { vault, nowMs: host.now() });
    if (warning !== undefined) log.warning(warning);
    return secret;
  } catch (error) {
    // Nobody waits any more for what is still on its way. With a reason, so that the runtime makes no error of it.
    done.abort("done");
    throw error;
  } finally {
    if (options.countdown === undefined) countdown.stop();
  }
}
