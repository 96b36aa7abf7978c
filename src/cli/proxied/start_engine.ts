import type { Address } from "../../core/sockets.ts";
import type { Secret } from "../../core/secret.ts";
import { routeFor } from "../../core/proxy_route.ts";
import type { FreshCredential } from "../../proxy/credential/fresh_credential.ts";
import type { RunningProxy } from "../../proxy/start_proxy.ts";
import type { Session } from "../session.ts";
import { readFresh } from "./read_fresh.ts";
import { networkOf } from "./server_check.ts";

/** What a proxy of a session is started with. */
export interface EngineParts {
  readonly listen: Address;
  /** Names that a `Host` field may have besides those of loopback. */
  readonly hostNames: readonly string[];
  /** Where it forwards to; `upstreamOf` has looked at it. */
  readonly upstream: URL;
  readonly key: Secret;
  /** A credential that was just read, where one was. */
  readonly first?: FreshCredential;
  readonly farewell: Readonly<Record<string, string>>;
  /** Whether `checkServer` has looked at the tracking server already. */
  readonly checked?: boolean;
  /** Called once the proxy was told to end. */
  readonly onEnd: () => void;
}

/** Until a reading, and the start that the first one is part of, are over. */
const SETTLED_MS = 2_000;

/**
 * Starts the proxy in this process: from then on it listens and holds a credential.
 *
 * @param session the settings and the world
 * @param parts where it listens, what it opens to and where it forwards
 * @returns the proxy
 * @throws {AuthError} any code of a run up to `credential-mode`; the system's error where it cannot listen
 */
export async function startEngine(session: Session, parts: EngineParts): Promise<RunningProxy> {
  const { host, log, settings } = session;
  const [{ startProxy }, sockets, network] = await Promise.all([
    import("../../proxy/start_proxy.ts"),
    host.sockets(),
    networkOf(session),
  ]);
  const waiting = parts.first === undefined ? [] : [parts.first];
  let read = waiting.length;
  let keepCode = () => {};
  return await startProxy({
    host: { ...host, sockets },
    listen: parts.listen,
    hostNames: parts.hostNames,
    upstream: parts.upstream,
    key: parts.key,
    headerName: settings.headerName.value,
    readCredential: async () => {
      const fresh = waiting.pop() ?? await readFresh(session, read++ > 0);
      // Little of what a reading takes is needed until the next one. Where it cannot be given back, it is kept.
      keepCode();
      keepCode = host.after(SETTLED_MS, () => void host.giveCodeBack().catch(() => {}));
      return fresh;
    },
    // An identity's own token is kept until it ends.
    ttlMs: settings.tokenScope.value === undefined ? settings.ttlSec.value * 1000 : Infinity,
    network,
    proxy: routeFor(session, host.env)(parts.upstream),
    log,
    refusesAuthorities: host.build.runtime === "deno" && parts.checked !== true,
    farewell: parts.farewell,
    onEnd: parts.onEnd,
  }).catch((thrown: unknown) => {
    // Where nothing listens, nobody is to wait for it.
    keepCode();
    throw thrown;
  });
}
