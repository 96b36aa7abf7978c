import { ListenError } from "../core/errors.ts";
import { bracketed, isLoopback } from "../core/host_name.ts";
import type { Host, Network } from "../core/host.ts";
import type { Log } from "../core/log.ts";
import type { Proxy } from "../core/proxy_route.ts";
import type { Secret } from "../core/secret.ts";
import type { Address, Channel, Sockets } from "../core/sockets.ts";
import type { Gate } from "./client/admit.ts";
import { type Client, makeClient } from "./client/client.ts";
import type { Engine } from "./exchange.ts";
import type { FreshCredential } from "./credential/fresh_credential.ts";
import { destinationOf } from "./upstream/forward.ts";
import { checkCertificate } from "./upstream/certificate.ts";
import { holdCredential } from "./credential/holder.ts";
import { makeKeyCheck } from "./client/key_check.ts";
import { makeParser } from "./http1/llhttp.ts";
import { makePool } from "./upstream/pool.ts";
import type { Reply } from "./client/reply.ts";
import { serveClient } from "./client/serve_client.ts";
import { makeCopyBudget } from "./upstream/tape.ts";
import { upstreamError, wayTo } from "./upstream/upstream.ts";

/** What a proxy is made of. */
export interface ProxyParts {
  readonly host: Pick<Host, "now" | "after" | "randomHex"> & {
    /** Connections of the runtime. */
    readonly sockets: Sockets;
  };
  /** Where to listen; port 0 lets the system choose. */
  readonly listen: Address;
  /** Names that a `Host` field may have besides `127.0.0.1`, `localhost` and `[::1]`; without ports. */
  readonly hostNames: readonly string[];
  /** The tracking server: scheme, host, port and path. Plain http was allowed by who calls. */
  readonly upstream: URL;
  /** What opens the proxy. */
  readonly key: Secret;
  /** The field that carries the credential: `Authorization`, or the value of `MLFLOW_AUTH_HEADER_NAME`. */
  readonly headerName: string;
  /** Reads a credential from where it is kept; called once at a time. Rejects with an {@link AuthError}. */
  readonly readCredential: () => Promise<FreshCredential>;
  /** How long a credential is used before it is read again, in milliseconds. */
  readonly ttlMs: number;
  /** Roots to trust besides the built-in ones, and the certificate to present. */
  readonly network: Network;
  /** The HTTP proxy on the way to the tracking server, as the proxy settings have it. */
  readonly proxy: Proxy | undefined;
  readonly log: Log;
  /** Whether the runtime takes no certificate of an authority from a server: then the server's is looked at first. */
  readonly refusesAuthorities?: boolean;
  /** What `POST /-/end` answers, such as the tracking URI to put back. */
  readonly farewell: Readonly<Record<string, string>>;
  /** Called once `POST /-/end` is answered. */
  readonly onEnd: () => void;
}

/** What `GET /-/ready` says. */
export interface Readiness {
  /** Whether a credential is held that the server has not refused. */
  readonly ready: boolean;
  /** Seconds since it was read. */
  readonly ageSeconds: number;
  /** Seconds until it is read again. */
  readonly readAgainInSeconds: number;
}

/** A proxy that listens and holds a credential. */
export interface RunningProxy {
  /** Where it listens; the port is the one that was given by the system. */
  readonly address: Address;
  readonly readiness: () => Readiness;
  /**
   * Accepts nothing more, lets requests in flight end for at most so long, then cuts them off.
   *
   * @param drainMs milliseconds
   */
  readonly close: (drainMs: number) => Promise<void>;
}

/** More silent connections than programs of one user open; beyond it the oldest that has not shown the key goes. */
const MAX_STRANGERS = 256;

/** What the copies of all bodies may take together. */
const COPIES_BYTES = 64 * 1024 * 1024;

/**
 * Starts a proxy: reads a credential, listens, and only then settles.
 *
 * @param parts what it is made of
 * @returns the proxy
 * @throws {AuthError} `tls-untrusted` for a server that is an authority, those of the first reading; then nothing is left open
 * @throws {ListenError} where it cannot listen; nothing is left open then either
 *
 * @example
 * ```ts ignore
 * import { startProxy } from "./start_proxy.ts";
 *
 * const proxy = await startProxy({ ...parts, listen: { hostname: "127.0.0.1", port: 0 } });
 * await host.stdout.write(`http://127.0.0.1:${proxy.address.port}\n`);
 * await proxy.close(5_000);
 * ```
 */
export async function startProxy(parts: ProxyParts): Promise<RunningProxy> {
  const { host, upstream, key, listen, log } = parts;
  const { to, way } = wayTo(upstream, parts);
  if (parts.refusesAuthorities === true) await checkCertificate(upstream, parts);
  const holder = await holdCredential({ host, read: parts.readCredential, ttlMs: parts.ttlMs, log });
  const connect = async (): Promise<Channel> => {
    try {
      return await host.sockets.connect(to, way);
    } catch (cause) {
      throw upstreamError(cause, { host: upstream.host, proxy: parts.proxy });
    }
  };
  const pool = makePool(host, connect);
  const readiness = (): Readiness => {
    const { ready, readAtMs, dueAtMs } = holder.state();
    const seconds = (ms: number): number => Math.max(0, Math.round(ms / 1000));
    return { ready, ageSeconds: seconds(host.now() - readAtMs), readAgainInSeconds: seconds(dueAtMs - host.now()) };
  };
  const own = (ask: "ready" | "live" | "end"): Reply => {
    if (ask === "live") return { status: 200, body: { schemaVersion: 1, live: true } };
    if (ask === "end") return { status: 200, body: { schemaVersion: 1, ...parts.farewell } };
    const now = readiness();
    return { status: now.ready ? 200 : 503, body: { schemaVersion: 1, ...now } };
  };
  const engine: Engine = {
    pool,
    holder,
    parse: makeParser(),
    budget: makeCopyBudget(COPIES_BYTES),
    to: { ...destinationOf(upstream, parts.headerName), origin: upstream.origin },
    keyPrefix: `/${key.reveal()}`,
    log,
  };
  const gate = gateOf(parts);
  let closing = false;
  const clients = new Map<Client, { busy: boolean }>();
  const strangers = new Set<Client>();
  const emptied = Promise.withResolvers<void>();

  const serve = async (channel: Channel): Promise<void> => {
    const client = makeClient(channel, host);
    const state = { busy: false };
    clients.set(client, state);
    strangers.add(client);
    const [oldest] = strangers.size > MAX_STRANGERS ? strangers : [];
    if (oldest !== undefined) {
      strangers.delete(oldest);
      oldest.close();
    }
    await serveClient(client, {
      engine,
      gate,
      host,
      own,
      closing: () => closing,
      onProven: () => void strangers.delete(client),
      onBusy: (busy) => void (state.busy = busy),
      onEnd: parts.onEnd,
    });
    clients.delete(client);
    strangers.delete(client);
    if (closing && clients.size === 0) emptied.resolve();
  };
  const listener = await host.sockets.listen(listen, (channel) => void serve(channel)).catch((cause: unknown) => {
    holder.close();
    throw new ListenError("cannot listen", { cause });
  });
  return {
    address: listener.address,
    readiness,
    close: async (drainMs) => {
      closing = true;
      listener.close();
      for (const [client, { busy }] of clients) if (!busy) client.close();
      if (clients.size > 0) {
        const callOff = host.after(drainMs, emptied.resolve);
        await emptied.promise;
        callOff();
      }
      for (const client of clients.keys()) client.close();
      pool.close();
      holder.close();
    },
  };
}

/** The names under which the proxy answers, and what it lets in. */
function gateOf({ key, hostNames, listen, upstream }: ProxyParts): Gate {
  const remote = !isLoopback(bracketed(listen.hostname));
  const named = [...hostNames, ...(remote ? [listen.hostname] : [])].map((name) => bracketed(name.toLowerCase()));
  return {
    key: makeKeyCheck(key),
    hostNames: new Set(["127.0.0.1", "localhost", "[::1]", ...named]),
    anyHostProbes: remote,
    upstreamUrl: `${upstream.origin}${upstream.pathname}`,
  };
}
