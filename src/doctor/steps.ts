import { locateAuthority } from "../azure/entra/authority.ts";
import { cloudFor, readAccessToken } from "../azure/sign_in/access_token.ts";
import { chooseIdentity } from "../azure/sign_in/choose_identity.ts";
import { challengeUrl, readSecret } from "../azure/vault/key_vault.ts";
import { loadNetwork } from "../azure/http/network.ts";
import type { TokenFacts } from "../azure/entra/token_facts.ts";
import { locateVault } from "../azure/vault/vault.ts";
import type { AuthError } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import type { Settings } from "../core/settings/settings.ts";
import { checkTrackingHost } from "../credential/allowed_hosts.ts";
import type { Credential } from "../credential/parse.ts";
import { type ProxyAccess, proxyIn } from "../credential/proxied.ts";
import { checkEnabled, parseSecret } from "../credential/resolve.ts";
import { tokenScopeOf } from "../credential/token_scope.ts";
import type { DoctorHost } from "./doctor_host.ts";
import { errorOf } from "./error_of.ts";
import { once } from "./once.ts";
import { reachVault } from "./reach.ts";
import { shareAnswer } from "./shared_answer.ts";
import { askProxy } from "./tracking/own_proxy.ts";
import { makeServerSteps } from "./tracking/server_steps.ts";
import { isNamed } from "./tracking/shown.ts";
import { watchTokens } from "./watch_tokens.ts";

/** What the steps are made of. */
export interface StepParts {
  readonly settings: Settings;
  /** Settings whose text has the wrong form. */
  readonly problems: readonly AuthError[];
  readonly host: DoctorHost;
  readonly log: Log;
  /** Value of `MLFLOW_TRACKING_URI`, where `--dry-run` names a server in its place. */
  readonly handedTo?: string | undefined;
}

/**
 * The steps of a run as `exec` takes them, each started by the first check that asks for it and done once. A step that needs
 * another one rejects with that one's error, by which `doctor` knows what to blame.
 */
export type Steps = ReturnType<typeof makeSteps>;

/**
 * Makes the steps; none is started.
 *
 * @param parts the settings with their problems, the host and a log
 * @returns the steps
 *
 * @example
 * ```ts
 * import { makeSteps } from "./steps.ts";
 * import { makeLog } from "../core/log.ts";
 * import { readSettings } from "../core/settings/read_settings.ts";
 * import { fakeHost } from "../../tests/support/host.ts";
 * import assert from "node:assert/strict";
 *
 * const steps = makeSteps({ ...readSettings({ env: {} }), host: fakeHost(), log: makeLog("ERROR", () => {}) });
 * await assert.rejects(steps.secret(), { code: "setting-missing" });
 * ```
 */
export function makeSteps({ settings, problems, host, log, handedTo }: StepParts) {
  const isOwn = settings.trackingUri.value === host.env["MLFLOW_TRACKING_URI"];
  /** The proxy of ours that stands before the tracking server: it has seen to what the server may get. */
  const proxied = isOwn ? proxyIn(host.env) : undefined;
  /** What that proxy says of itself; `undefined` where there is none. */
  const proxy = once(async () => proxied === undefined ? undefined : await askProxy(proxied, host));
  /** Settings that have a form; everything else is built on them. */
  const formed = once(() => Promise.resolve(refuse(problems)));
  const enabled = once(async () => {
    await formed();
    checkEnabled(settings);
  });
  /** The tracking server may get the credential. */
  const allowed = once(() =>
    Promise.resolve(proxied === undefined ? checkTrackingHost(settings, host.env) : undefined)
  );
  const vault = once(async () => {
    await formed();
    return locateVault(settings);
  });
  /** The world with one challenge of the vault for both who ask for it: whoever reaches it, and whoever reads the secret. */
  const vaultHost = once(async (): Promise<DoctorHost> => {
    const url = challengeUrl(await vault());
    const isChallenge = (request: Request): boolean => request.url === url && !request.headers.has("authorization");
    return { ...host, fetch: shareAnswer(host.fetch, isChallenge) };
  });
  /** The scope of the access token that is the credential; `undefined` where it is a secret of the vault. */
  const scope = once(async () => {
    await formed();
    return tokenScopeOf(settings);
  });
  const authority = once(async () =>
    locateAuthority(settings, await scope() === undefined ? (await vault()).cloud : cloudFor(settings))
  );
  /** Nothing is left that can be refused without a request: only then anything is sent to Azure. */
  const cleared = once(async () => {
    await enabled();
    await authority();
    await allowed();
  });
  const network = once(() => loadNetwork(settings, { host, log }));
  const choice = once(async () => {
    // Proxies are settled with the network, and choosing may ask the metadata service.
    await Promise.all([cleared(), network()]);
    return await chooseIdentity(settings, host);
  });
  /** The vault as it answers to who shows no token. */
  const reach = once(async () => {
    const [place, roots, world] = await Promise.all([vault(), network(), vaultHost(), cleared()]);
    return await reachVault(place, { host: world, network: roots, log, deadlineSec: settings.deadlineSec.value });
  });
  const tokens = watchTokens();
  const secret = once(async () => {
    const [place, { identity }, roots, world] = await Promise.all([vault(), choice(), network(), vaultHost()]);
    // What the log would warn of, a finding says.
    const quiet: Log = { ...log, warning: log.debug };
    return await readSecret(place, {
      settings,
      host: world,
      log: quiet,
      identity: tokens.watch(identity),
      network: roots,
    });
  });
  /** The access token that is the credential; `undefined` where a secret of the vault is. */
  const accessToken = once(async () => {
    const wanted = await scope();
    if (wanted === undefined) return undefined;
    const [{ identity }, roots] = await Promise.all([choice(), network()]);
    return await readAccessToken(wanted, { settings, host, log, identity, network: roots });
  });
  /** What the token says that reading the secret got, whatever the vault said to it. */
  const token = once(async (): Promise<TokenFacts> => {
    const own = await accessToken();
    if (own !== undefined) return own.facts;
    const error = await errorOf(secret);
    const facts = tokens.facts();
    if (facts !== undefined) return facts;
    throw error ?? new TypeError("a secret was read without a token");
  });
  const credential = once(async (): Promise<Credential> => {
    const own = await accessToken();
    if (own !== undefined) return { kind: "bearer", token: own.token };
    const { value } = await secret();
    return parseSecret(value, { name: (await vault()).name, settings });
  });
  const trackingNetwork = once(async () => {
    const { loadTrackingNetwork } = await import("./tracking/tracking_network.ts");
    return await loadTrackingNetwork(settings, { base: await network(), host });
  });
  const ownToken = async () => (await accessToken())?.facts;
  /** Whether nothing but `--dry-run` names the tracking server. */
  const isStrange = !isNamed(settings, handedTo);
  const server = makeServerSteps({
    ...{ settings, host, log, allowed, isStrange, network: trackingNetwork, credential, ownToken },
    ...(proxied === undefined ? {} : throughProxy(settings, { access: proxied, alive: proxy })),
  });
  return {
    enabled,
    allowed,
    isStrange,
    proxy,
    scope,
    vault,
    authority,
    network,
    reach,
    choice,
    token,
    secret,
    credential,
    server,
  };
}

/** The tracking server as clients behind the proxy reach it: with its key, which is no part of the address here. */
function throughProxy(
  settings: Settings,
  { access, alive }: { readonly access: ProxyAccess; readonly alive: () => Promise<unknown> },
) {
  const trackingUri = { ...settings.trackingUri, value: access.uri };
  return {
    settings: { ...settings, trackingUri },
    // Whoever looks at the server is told that the proxy is gone, not that a connection was refused.
    allowed: async () => void await alive(),
    network: () => Promise.resolve({ network: {}, trustedBy: undefined }),
    credential: (): Promise<Credential> => Promise.resolve({ kind: "bearer", token: access.key }),
    ownToken: () => Promise.resolve(undefined),
  };
}

function refuse(problems: readonly AuthError[]): void {
  const [problem] = problems;
  if (problem !== undefined) throw problem;
}
