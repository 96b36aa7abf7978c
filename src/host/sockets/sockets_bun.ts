import { isIP } from "node:net";
import { checkServerIdentity, type PeerCertificate, rootCertificates } from "node:tls";
import type { Address, Channel, Listener, Sockets, Way } from "../../core/sockets.ts";
import { type BunHandlers, type BunSocket, type Flow, HANDLERS, makeFlow } from "./channel_bun.ts";
import { pemParts } from "../send.ts";
import { within } from "../within.ts";

/** A socket that speaks TLS. */
interface TlsSocket extends BunSocket {
  readonly getPeerCertificate: () => PeerCertificate | undefined;
}

/** How a handshake went. */
type Shaken = readonly [socket: TlsSocket, verified: boolean, error: Error | null];

/** What is used of Bun's own sockets: its modules of Node take twice the time for each message. */
interface BunApi {
  readonly listen: (
    options: Address & { readonly allowHalfOpen: boolean; readonly socket: BunHandlers },
  ) => { readonly hostname: string; readonly port: number; readonly stop: () => void };
  readonly connect: (
    options: Address & {
      readonly allowHalfOpen: boolean;
      readonly data: Flow;
      readonly tls?: Readonly<Record<string, unknown>>;
      readonly socket: BunHandlers & {
        readonly handshake?: (...what: Shaken) => void;
      };
    },
  ) => Promise<BunSocket>;
  /** Collects all that nobody uses; with `true` before it returns. */
  readonly gc: (now: true) => void;
  /** Collects all that nobody uses, and machine code, which is made again of what is still called often. */
  readonly shrink: () => void;
}

/**
 * How long after data has come what it left behind is collected, which takes 9 ms: every so often while there are requests, and once behind
 * the last of them. Bun by itself looks at its heap ever less often, so that a proxy grew by a third in a quarter of an hour.
 */
const COLLECT_MS = 2_000;

/** Every so many collections machine code goes too, of which there is ever more: without that, a proxy still grew by a fifth. */
const SHRINK_EVERY = 30;

/** More arrivals of data between two collections are those of a proxy that is better served by its machine code. */
const BUSY = 1_000;

const bun = (): BunApi => (globalThis as typeof globalThis & { readonly Bun: BunApi }).Bun;

function listen({ hostname, port }: Address, serve: (client: Channel) => void): Listener {
  let closed = false;
  let arrivals = 0;
  let collections = 0;
  let collecting: ReturnType<typeof setTimeout> | undefined;
  const collect = (): void => {
    collecting = undefined;
    collections++;
    if (collections < SHRINK_EVERY || arrivals > BUSY) bun().gc(true);
    else {
      collections = 0;
      bun().shrink();
    }
    arrivals = 0;
  };
  const listener = bun().listen({
    hostname,
    port,
    allowHalfOpen: true,
    socket: {
      ...HANDLERS,
      open: (socket) => {
        const flow = makeFlow();
        Object.assign(socket, { data: flow });
        flow.opened(socket);
        serve(flow.channel);
      },
      data: (socket, bytes) => {
        arrivals++;
        if (!closed) collecting ??= setTimeout(collect, COLLECT_MS);
        HANDLERS.data(socket, bytes);
      },
    },
  });
  return {
    address: { hostname: listener.hostname, port: listener.port },
    close: () => {
      closed = true;
      clearTimeout(collecting);
      listener.stop();
    },
  };
}

/** The name that a certificate has to hold: an address is no server name (RFC 6066, section 3). */
const nameOf = ({ hostname }: Address, { serverName = hostname }: Way): string => serverName;

/** What TLS is spoken with. */
function tlsOf(to: Address, way: Way): Readonly<Record<string, unknown>> {
  const { extraRoots, clientCertificate } = way;
  const own = clientCertificate === undefined ? undefined : pemParts(clientCertificate);
  const name = nameOf(to, way);
  return {
    serverName: isIP(name) === 0 ? name : "",
    // Stated, because NODE_TLS_REJECT_UNAUTHORIZED=0 would switch it off.
    rejectUnauthorized: true,
    ALPNProtocols: "\x08http/1.1",
    ...(extraRoots === undefined ? {} : { ca: [...pemParts(extraRoots).certificates, ...rootCertificates] }),
    ...(own?.key === undefined ? {} : { cert: own.certificates.join(""), key: own.key }),
  };
}

async function connectTls(to: Address, way: Way): Promise<Channel> {
  const { promise, resolve, reject } = Promise.withResolvers<Channel>();
  const flow = makeFlow();
  const handshake = (...[socket, verified, error]: Shaken): void => {
    const certificate = socket.getPeerCertificate();
    const failure = error ??
      (certificate === undefined ? undefined : checkServerIdentity(nameOf(to, way), certificate));
    if (verified && certificate !== undefined && failure === undefined) return resolve(flow.channel);
    reject(failure ?? new Error("the handshake failed"));
    flow.channel.close();
  };
  const close = (socket: BunSocket, error?: Error): void => {
    reject(error ?? new Error("the connection was closed"));
    HANDLERS.close(socket, error);
  };
  bun().connect({
    ...to,
    allowHalfOpen: false,
    data: flow,
    tls: tlsOf(to, way),
    socket: { ...HANDLERS, handshake, close },
  })
    .catch(reject);
  return await promise;
}

async function connect(to: Address, way: Way): Promise<Channel> {
  if (way.proxy !== undefined) {
    // Only Node's own speak TLS over whatever there is.
    const { connectBeyond } = await import("./tunnel_bun.ts");
    return await connectBeyond(to, { ...way, proxy: way.proxy });
  }
  if (way.tls) return await connectTls(to, way);
  const flow = makeFlow();
  await bun().connect({ ...to, allowHalfOpen: true, data: flow, socket: HANDLERS });
  return flow.channel;
}

/**
 * Connections under Bun, by its own API.
 *
 * @returns the connections
 */
export function bunSockets(): Sockets {
  return {
    // In a function that waits, what is thrown is a rejection.
    listen: async (at, serve) => await Promise.resolve(listen(at, serve)),
    connect: async (to, way) => {
      const { timeoutMs } = way;
      return await within(connect(to, way), { timeoutMs, dispose: (late) => late.close() });
    },
  };
}
