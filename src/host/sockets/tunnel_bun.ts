import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls, rootCertificates } from "node:tls";
import type { Address, Channel, Way } from "../../core/sockets.ts";
import { askForTunnel } from "./connect_proxy.ts";
import { pemParts } from "../send.ts";

/** Most that is kept for who does not read, besides what the system keeps. */
const AHEAD = 64 * 1024;

/** A socket as a channel. It is stopped while more than enough waits to be read. */
function channelOf(socket: Socket): Channel {
  const parts: Uint8Array[] = [];
  let waiting = 0;
  let ended = false;
  let failure: Error | undefined;
  let wake = (): void => {};
  const fail = (error: Error): void => {
    failure ??= error;
    wake();
  };
  socket.on("data", (bytes: Uint8Array) => {
    parts.push(bytes);
    waiting += bytes.length;
    if (waiting >= AHEAD) socket.pause();
    wake();
  });
  socket.on("end", () => {
    ended = true;
    wake();
  });
  socket.on("error", fail);
  socket.on("close", () => fail(new Error("the connection is closed")));
  return {
    read: async () => {
      while (parts.length === 0 && !ended && failure === undefined) {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        await promise;
      }
      if (parts.length === 0) {
        if (ended) return null;
        throw failure ?? new Error("the connection is closed");
      }
      const bytes = parts.shift() ?? new Uint8Array();
      const stopped = waiting >= AHEAD;
      waiting -= bytes.length;
      if (stopped && waiting < AHEAD) socket.resume();
      return bytes;
    },
    write: (bytes) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      if (failure !== undefined || socket.destroyed) {
        return Promise.reject(failure ?? new Error("the connection is closed"));
      }
      socket.write(bytes, (error) => error === null || error === undefined ? resolve() : reject(error));
      return promise;
    },
    shut: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      socket.end(resolve);
      return promise;
    },
    close: () => void socket.destroy(),
  };
}

/** The way to a server behind a proxy. */
type Beyond = Way & { readonly proxy: NonNullable<Way["proxy"]> };

/** Waits until a socket is connected; it is gone where it cannot be. */
function connected(socket: Socket, event: "connect" | "secureConnect"): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const fail = (error: Error): void => {
    socket.destroy();
    reject(error);
  };
  socket.once("error", fail);
  socket.once("close", () => fail(new Error("the connection was closed")));
  socket.once(event, () => {
    socket.off("error", fail);
    resolve(socket);
  });
  return promise;
}

/**
 * Connects under Bun through an HTTP proxy, by its modules of Node: they speak TLS over any connection, one that speaks TLS itself too.
 *
 * @param to the server
 * @param way how it is reached
 * @returns the connection
 */
export async function connectBeyond(to: Address, way: Beyond): Promise<Channel> {
  const { extraRoots, clientCertificate, proxy } = way;
  const own = clientCertificate === undefined ? undefined : pemParts(clientCertificate);
  const trust = extraRoots === undefined ? {} : { ca: [...pemParts(extraRoots).certificates, ...rootCertificates] };
  const secure = async (host: Address, socket: Socket | undefined): Promise<Socket> =>
    await connected(
      connectTls({
        ...(socket === undefined ? { host: host.hostname, port: host.port } : { socket }),
        // An address is no server name (RFC 6066, section 3).
        servername: host === to && way.serverName !== undefined
          ? way.serverName
          : isIP(host.hostname) === 0
          ? host.hostname
          : "",
        host: host.hostname,
        // Stated, because NODE_TLS_REJECT_UNAUTHORIZED=0 would switch it off.
        rejectUnauthorized: true,
        ALPNProtocols: ["http/1.1"],
        ...trust,
        ...(own?.key === undefined || host !== to ? {} : { cert: own.certificates.join(""), key: own.key }),
      }),
      "secureConnect",
    );
  const plain = async (host: Address): Promise<Socket> =>
    await connected(
      connectTcp({ host: host.hostname, port: host.port, noDelay: true, allowHalfOpen: true }),
      "connect",
    );
  const tunnel = proxy.tls ? await secure(proxy, undefined) : await plain(proxy);
  await askForTunnel(tunnelChannel(tunnel), { to, ...proxy });
  return channelOf(way.tls ? await secure(to, tunnel) : tunnel);
}

/** The connection to a proxy until the tunnel stands: what is heard then is the tunnel's. */
function tunnelChannel(socket: Socket): Pick<Channel, "read" | "write"> {
  return {
    read: () => {
      const { promise, resolve, reject } = Promise.withResolvers<Uint8Array | null>();
      socket.once("data", (bytes: Uint8Array) => {
        socket.pause();
        resolve(bytes);
      });
      socket.once("end", () => resolve(null));
      socket.once("error", reject);
      socket.resume();
      return promise;
    },
    write: (bytes) => {
      socket.write(bytes);
      return Promise.resolve();
    },
  };
}
