import type { Address, Channel, Listener, Sockets, Way } from "../../core/sockets.ts";
import { askForTunnel } from "./connect_proxy.ts";
import { pemParts } from "../send.ts";
import { within } from "../within.ts";

/** Most that is read before it is written on. */
const LARGE = 256 * 1024;
const SMALL = 16 * 1024;

/** A read of TLS gives one record at most. */
const RECORD = 16 * 1024;

/** What a TLS record of a stream of data has at least. */
const FULL = 8 * 1024;

/** Until accepting is tried again, where there are too many open files. */
const PAUSE_MS = 100;

function closeOnce(conn: Deno.Conn): void {
  // denoland/deno#35292: this one closes nothing while a read is pending, and the other side would wait for the end.
  if (Deno.version.deno === "2.8.3") conn.closeWrite().catch(() => {});
  try {
    conn.close();
  } catch {
    // It is closed already.
  }
}

/**
 * A connection as a channel. Reading goes ahead of who asks by what is ready, at most by the rest of the buffer, so that the records of a
 * stream over TLS are written on together.
 */
function channelOf(conn: Deno.Conn): Channel {
  const tls = "handshake" in conn;
  let buffer = new Uint8Array(0);
  let size = SMALL;
  let ahead: { readonly at: number; readonly read: Promise<number | null> } | undefined;

  /** A server that closes without a word of TLS: whether the body was whole, its own framing says. */
  const endOr = (error: unknown): null => {
    if (error instanceof Deno.errors.UnexpectedEof) return null;
    throw error;
  };
  /** What is there without waiting; what is not stays asked for. */
  const ready = async (at: number): Promise<number> => {
    const read = conn.read(buffer.subarray(at)).catch(endOr);
    let length: number | null | undefined;
    read.then((value) => void (length = value), () => {});
    for (let turns = 0; turns < 6 && length === undefined; turns++) await undefined;
    if (length === undefined || length === null) {
      ahead = { at, read };
      return 0;
    }
    return length;
  };
  /** What came, with what more of a stream of data is ready. */
  const withMore = async (at: number, length: number): Promise<Uint8Array> => {
    // From now on as much as possible is read at once.
    size = LARGE;
    let end = at + length;
    while (tls && ahead === undefined && end + RECORD <= buffer.length) end += await ready(end);
    return buffer.subarray(at, end);
  };
  const took = (length: number | null): Uint8Array | null | Promise<Uint8Array> => {
    if (length === null) return null;
    return length < FULL ? buffer.subarray(0, length) : withMore(0, length);
  };
  const takeAhead = async ({ at, read }: NonNullable<typeof ahead>): Promise<Uint8Array | null> => {
    const length = await read;
    ahead = undefined;
    if (length === null) return null;
    return length < FULL ? buffer.subarray(at, at + length) : await withMore(at, length);
  };
  const writeRest = async (bytes: Uint8Array, from: number): Promise<void> => {
    for (let at = from; at < bytes.length;) at += await conn.write(bytes.subarray(at));
  };
  // Not asynchronous functions: what those keep of each call was a seventh of what a small request left to the collector.
  return {
    read: () => {
      if (ahead !== undefined) return takeAhead(ahead);
      if (buffer.length < size) buffer = new Uint8Array(size);
      return conn.read(buffer).then(took, endOr);
    },
    write: (bytes) => conn.write(bytes).then((count) => count === bytes.length ? undefined : writeRest(bytes, count)),
    shut: () => conn.closeWrite(),
    close: () => closeOnce(conn),
  };
}

function listen({ hostname, port }: Address, serve: (client: Channel) => void): Listener {
  const listener = Deno.listen({ hostname, port });
  let closed = false;
  const accept = async (): Promise<void> => {
    while (!closed) {
      try {
        const conn = await listener.accept();
        conn.setNoDelay();
        serve(channelOf(conn));
      } catch {
        if (!closed) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    }
  };
  void accept();
  return {
    address: { hostname: listener.addr.hostname, port: listener.addr.port },
    close: () => {
      closed = true;
      listener.close();
    },
  };
}

/** Only HTTP/1.1 is spoken: what a server would say in HTTP/2 could not be read. */
const ALPN = ["http/1.1"];

async function connect(to: Address, way: Way & { readonly signal: AbortSignal }): Promise<Deno.Conn> {
  const { extraRoots, clientCertificate, proxy, signal } = way;
  const trust = extraRoots === undefined ? {} : { caCerts: [...pemParts(extraRoots).certificates] };
  const own = clientCertificate === undefined ? undefined : pemParts(clientCertificate);
  const identity = own?.key === undefined ? {} : { cert: own.certificates.join(""), key: own.key };
  let tunnel: Deno.TcpConn | undefined;
  if (proxy !== undefined) {
    tunnel = await Deno.connect({ hostname: proxy.hostname, port: proxy.port, signal });
    try {
      await askForTunnel(channelOf(tunnel), { to, ...proxy });
    } catch (error) {
      tunnel.close();
      throw error;
    }
  }
  if (!way.tls) {
    const conn = tunnel ?? await Deno.connect({ ...to, signal });
    conn.setNoDelay();
    return conn;
  }
  const { serverName = to.hostname } = way;
  // Only a connection that stands can be told another name than it was made by, and only one that is made so can be given up.
  if (serverName !== to.hostname || own?.key === undefined) tunnel ??= await Deno.connect({ ...to, signal });
  // Else the last part of a body would wait until the server has acknowledged the one before.
  tunnel?.setNoDelay();
  const conn = tunnel === undefined
    ? await Deno.connectTls({ ...to, ...trust, ...identity, alpnProtocols: ALPN })
    : await Deno.startTls(tunnel, { hostname: serverName, ...trust, alpnProtocols: ALPN });
  const close = (): void => closeOnce(conn);
  try {
    signal.throwIfAborted();
    signal.addEventListener("abort", close);
    await conn.handshake();
    return conn;
  } catch (error) {
    close();
    throw error;
  } finally {
    signal.removeEventListener("abort", close);
  }
}

/**
 * Connections under Deno, by its own API: its `node:net` and `node:tls` have damaged and hoarded streams in some versions.
 *
 * @returns the connections
 */
export function denoSockets(): Sockets {
  return {
    // In a function that waits, what is thrown is a rejection.
    listen: async (at, serve) => await Promise.resolve(listen(at, serve)),
    connect: async (to, way) => {
      const { timeoutMs, signal } = way;
      const late = new AbortController();
      const giveUp = (): void => late.abort();
      signal?.addEventListener("abort", giveUp);
      try {
        const connecting = connect(to, { ...way, signal: late.signal });
        return channelOf(await within(connecting, { timeoutMs, dispose: closeOnce }));
      } catch (error) {
        giveUp();
        throw error;
      } finally {
        signal?.removeEventListener("abort", giveUp);
      }
    },
  };
}
