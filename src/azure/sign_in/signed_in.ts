import type { AccessToken } from "@azure/identity";
import { flawOf } from "../../core/settings/as_pasted.ts";
import { type Countdown, startCountdown } from "../../core/countdown.ts";
import type { AuthError } from "../../core/errors.ts";
import type { Host, Network } from "../../core/host.ts";
import type { Log } from "../../core/log.ts";
import type { Settings } from "../../core/settings/settings.ts";
import { shownId } from "../../core/shown.ts";
import { type Authority, locateAuthority } from "../entra/authority.ts";
import type { Cloud } from "../entra/clouds.ts";
import { answerDiscovery } from "../entra/discovery.ts";
import { readTokenFacts } from "../entra/token_facts.ts";
import { type AzureService, type OddAnswer, oddAnswer } from "../failures/odd_answer.ts";
import type { FailureContext } from "../failures/failure_context.ts";
import { type AzureHttp, azureHttp } from "../http/http.ts";
import { type ClientHooks, httpClientOf } from "../http/http_client.ts";
import type { TokenSource } from "../http/overlap.ts";
import type { CertificateFile } from "../pkcs12/certificate_line.ts";
import type { DetectionContext, Identity, TokenContext } from "../identities/identity.ts";
import { chooseIdentity } from "./choose_identity.ts";
import { clientOptions } from "./client_options.ts";
import { tenantOf } from "./tenant.ts";
import { newId, tokenRequests, type WantedToken } from "./token_request.ts";

/** The part of the world that asking Azure needs. */
export type AzureHost =
  & DetectionContext["host"]
  & Pick<
    Host,
    | "env"
    | "home"
    | "platform"
    | "readText"
    | "readBytes"
    | "isFile"
    | "fetch"
    | "leave"
    | "now"
    | "sleep"
    | "randomHex"
  >;

/** What {@link signedIn} works with. */
export interface SignInOptions {
  readonly settings: Settings;
  readonly host: AzureHost;
  readonly log: Log;
  readonly network: Network;
  /** Ends everything. */
  readonly signal?: AbortSignal;
  /** Who to be; chosen here if it is left out. */
  readonly identity?: Identity;
  /** The time that is left for what is asked, and asked again; all of it if it is left out. */
  readonly countdown?: Countdown;
}

/** What Azure is asked for: with the words that a failure is told with. */
export interface Purpose<T> extends Pick<FailureContext, "doing" | "vault" | "scope"> {
  readonly cloud: Cloud;
  /** The token that is asked for first. */
  readonly wanted: WantedToken;
  /** What is sent before the identity is ready, since it needs none. */
  readonly ahead?: (http: AzureHttp) => void;
  /** Asks, with a connected identity. */
  readonly ask: (signedIn: SignedIn) => Promise<T>;
}

/** An identity that is connected. */
export interface SignedIn {
  readonly identity: Identity;
  readonly context: TokenContext;
  /** Gets its tokens; what the last one says is in every error. */
  readonly source: TokenSource;
  readonly signal: AbortSignal;
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

/** Who is asked at a URL; `undefined` for what no answer of is looked at here. */
function serviceAt(
  text: string,
  { vault, authority, identity }: {
    readonly vault: Purpose<unknown>["vault"];
    readonly authority: Authority;
    readonly identity: Identity;
  },
): AzureService | undefined {
  const url = new URL(text);
  // On loopback one port may be both.
  if (url.host === vault?.host && url.pathname.startsWith("/secrets/")) return "vault";
  if (url.host === authority.host) return url.pathname.endsWith("/token") ? "entra" : undefined;
  if (identity.name === "managed-identity") return "managed-identity";
  return identity.name === "azure-pipelines" ? "pipelines" : undefined;
}

async function connect<T>(
  { settings, host, log }: SignInOptions,
  parts: {
    readonly purpose: Purpose<T>;
    readonly identity: Identity;
    readonly authority: Authority;
    readonly http: AzureHttp;
    readonly signal: AbortSignal;
  },
): Promise<T> {
  const { purpose, identity, authority, http, signal } = parts;
  // Packages of the SDK wait without looking at the signal: whatever they do, nobody waits for them beyond it.
  const { promise: late, reject } = Promise.withResolvers<never>();
  const end = (): void => reject(new Error("time is up"));
  signal.addEventListener("abort", end);
  let kept: AuthError | undefined;
  let certificate: CertificateFile | undefined;
  let vaultStatus: number | undefined;
  let token: AccessToken | undefined;
  const odd: { vault: OddAnswer | undefined; token: OddAnswer | undefined } = { vault: undefined, token: undefined };
  try {
    const hooks: ClientHooks = {
      answerLocally: (question) => answerDiscovery(question, authority),
      refuse: ({ url }, response) => {
        const service = serviceAt(url, { vault: purpose.vault, authority, identity });
        const seen = service === undefined ? undefined : oddAnswer(service, { url, ...response });
        if (service === "vault") vaultStatus = response.status;
        if (seen !== undefined) odd[service === "vault" ? "vault" : "token"] ??= seen;
        return seen !== undefined;
      },
    };
    const httpClient = httpClientOf(http, hooks);
    const requests = tokenRequests(settings, { authority, wanted: purpose.wanted });
    const context: TokenContext = {
      settings,
      host,
      authority,
      http,
      hooks,
      log,
      signal,
      options: clientOptions(settings, { authority, httpClient }),
      askAhead: requests && ((shown) => http.sendAhead(requests(shown, newId(host)))),
      leave: host.leave,
      keep: (error) => kept = error,
      noteCertificate: (file) => certificate = file,
    };
    const asked = async (): Promise<T> => {
      const source = noting(await identity.connect(context), (got) => void (token = got));
      return await purpose.ask({ identity, context, source, signal });
    };
    return await Promise.race([asked(), late]);
  } catch (error) {
    const { explainFailure } = await import("../failures/failures.ts");
    const waitedFor = http.waitingFor() ?? purpose.vault?.host ?? authority.host;
    throw explainFailure(kept ?? error, {
      doing: purpose.doing,
      vault: purpose.vault,
      scope: purpose.scope,
      identity,
      authority,
      tenantId: tenantOf(settings),
      clientId: shownId(settings.clientId.value),
      secretFlaw: flawOf(settings.clientSecret.value?.reveal() ?? ""),
      certificate,
      federatedTokenFile: settings.federatedTokenFile.value,
      network: http.lastFailure() ?? (signal.aborted ? { kind: "deadline", host: waitedFor } : undefined),
      busy: http.busy(),
      odd,
      vaultStatus,
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
 * Asks Azure for something as the identity that is configured, within the time of a run.
 *
 * @param purpose what it is asked for, and in which cloud
 * @param options the settings, the world, and who ends it
 * @returns what was asked for
 * @throws {AuthError} of any `identity-*`, `entra-*`, `network-*`, `tls-*` code, `tenant-mismatch` or `deadline`, and what asking
 * throws, explained
 */
export async function signedIn<T>(purpose: Purpose<T>, options: SignInOptions): Promise<T> {
  const { settings, host, log, network } = options;
  const identity = options.identity ?? (await chooseIdentity(settings, host)).identity;
  const authority = locateAuthority(settings, purpose.cloud);
  const countdown = options.countdown ?? startCountdown(settings.deadlineSec.value * 1000, host);
  const done = new AbortController();
  const signal = AbortSignal.any([countdown.signal, done.signal, ...(options.signal ? [options.signal] : [])]);
  const http = azureHttp({ host, network, log, signal, leftMs: countdown.leftMs });
  purpose.ahead?.(http);
  try {
    return await connect(options, { purpose, identity, authority, http, signal });
  } catch (error) {
    // Nobody waits any more for what is still on its way. With a reason, so that the runtime makes no error of it.
    done.abort("done");
    throw error;
  } finally {
    if (options.countdown === undefined) countdown.stop();
  }
}
