import { routeFor } from "../../core/proxy_route.ts";
import { checkProxiedWay } from "../../credential/proxied_way.ts";
import type { Sidecar } from "../../core/sidecar.ts";
import { SERVER_VARIABLES } from "../../credential/allowed_hosts.ts";
import { withoutUserinfo } from "../../credential/apply.ts";
import type { ProxyAccess } from "../../credential/proxied.ts";
import { makeKey } from "../../credential/proxy_key.ts";
import { checkProxyShadows, findShadows } from "../../credential/shadows.ts";
import { upstreamOf } from "../../credential/upstream.ts";
import type { FreshCredential } from "../../proxy/credential/fresh_credential.ts";
import { requireSettings, type Session } from "../session.ts";
import { writeOrder } from "./order.ts";
import { proxyFailed, readReply } from "./reply.ts";
import { ANY_PORT } from "./run_sidecar.ts";
import type { checkServer } from "./server_check.ts";
import { startEngine } from "./start_engine.ts";

/** How long a sidecar may take from its start to its port; it starts while the credential is read. */
const START_MS = 10_000;

/** What the options of `exec` and `export` say of the proxy. */
export interface BesideOptions {
  /** Process id of what the proxy ends with; by default this process, whatever that becomes. */
  readonly owner?: number;
  /** Whether the key is part of the URL. */
  readonly keyInUrl: boolean;
  /** Whether files that win over the key are put up with. */
  readonly force: boolean;
  /** Whether the credential may cross the network unencrypted. */
  readonly allowHttp: boolean;
  /** Reads the credential that the proxy holds first; the proxy starts meanwhile. */
  readonly read: () => Promise<FreshCredential>;
}

/** A proxy that listens and holds a credential. */
export interface Beside {
  readonly access: ProxyAccess;
  /** The tracking server behind it. */
  readonly upstream: URL;
  /** Leaves it to its owner; the last thing to be done with it. */
  readonly leave: () => void;
  /** Ends it. */
  readonly end: () => Promise<void>;
}

/**
 * Starts a proxy beside what this process becomes: a process of its own, or, where a process cannot be replaced, this one.
 *
 * @param session the settings and the world
 * @param options what it is for
 * @returns the proxy
 * @throws {AuthError} any code of a run up to `credential-mode`, those of `upstreamOf`, `checkProxyShadows` and `checkServer`, `proxy-failed`
 */
export async function startBeside(session: Session, options: BesideOptions): Promise<Beside> {
  requireSettings(session);
  const { host, settings } = session;
  const { allowHttp } = options;
  const upstream = upstreamOf(settings, { env: host.env, allowHttp });
  checkProxiedWay(settings, { proxy: routeFor(session, host.env)(upstream), runtime: host.build.runtime });
  if (!options.keyInUrl && !options.force) checkProxyShadows(await findShadows(`http://${ANY_PORT.hostname}`, host));
  const sidecar = await startSidecar(session, options.owner);
  const failed = new AbortController();
  try {
    const reading = options.read();
    // Who starts the proxy has time for this while it waits for Azure and for the proxy; the proxy itself is waited for.
    const checking = sidecar === undefined ? undefined : check(session, { upstream, signal: failed.signal });
    // It is told of behind what is wrong with the credential.
    checking?.catch(() => {});
    const first = await reading;
    const key = makeKey(host);
    const order = { sources: session.sources, key, allowHttp, first, farewell: farewellOf(session) };
    if (sidecar === undefined) return await startHere(session, { ...order, upstream });
    sidecar.send(writeOrder(order));
    await checking;
    const reply = readReply(sidecar.answer(START_MS));
    if ("error" in reply) throw reply.error;
    return {
      access: { uri: `http://${ANY_PORT.hostname}:${reply.port}`, key },
      upstream,
      leave: sidecar.leave,
      end: () => Promise.resolve(sidecar.end()),
    };
  } catch (thrown) {
    failed.abort();
    sidecar?.end();
    throw thrown;
  }
}

async function check(session: Session, options: Parameters<typeof checkServer>[1]): Promise<void> {
  const { checkServer } = await import("./server_check.ts");
  await checkServer(session, options);
}

async function startSidecar({ host, settings }: Session, owner: number | undefined): Promise<Sidecar | undefined> {
  try {
    return await host.startSidecar({ owner, logs: settings.logLevel.value === "DEBUG" });
  } catch (cause) {
    throw proxyFailed("the system starts no process", cause);
  }
}

/** What `export --unset` puts back where the environment does not tell it, as inside of a command of `exec --proxy`. */
function farewellOf({ host: { env } }: Session): Readonly<Record<string, string>> {
  return Object.fromEntries(SERVER_VARIABLES.flatMap((name) => {
    const value = env[name];
    // Whoever has the key may ask for it.
    return value === undefined ? [] : [[name, withoutUserinfo(value) ?? value]];
  }));
}

async function startHere(
  session: Session,
  parts: Pick<Parameters<typeof startEngine>[1], "upstream" | "key" | "farewell"> & {
    readonly first: FreshCredential;
  },
): Promise<Beside> {
  const proxy = await startEngine(session, { ...parts, listen: ANY_PORT, hostNames: [], onEnd: () => {} });
  return {
    access: { uri: `http://${ANY_PORT.hostname}:${proxy.address.port}`, key: parts.key },
    upstream: parts.upstream,
    leave: () => {},
    end: () => proxy.close(0),
  };
}
