import type { Native } from "./native/native.ts";

const IPPROTO_TCP = 6;
const TCP_NODELAY = 1;

/** Descriptors that a connection may get: the lowest that are free, also where it tries several addresses at once. */
const REACH = 8;

/** Milliseconds until the first look, and how much longer each next one waits: two fall into every round trip but the shortest. */
const FIRST_MS = 1;
const LONGER = 1.4;

/** Looks after which what has not connected is left to itself. */
const MOST = 20;

/** How {@link makeNoDelay} reaches the system. */
export interface NoDelayParts {
  readonly native: Native;
  /** Runs something later. */
  readonly after: (ms: number, run: () => void) => () => void;
}

/** What {@link makeNoDelay} makes. */
export interface NoDelay {
  /** To be called before the first request to a server; what it returns is called once there is an answer or none. */
  readonly connecting: () => () => void;
  /** Whether each connection that was announced has a socket by now: its name has been looked up. */
  readonly begun: () => boolean;
}

interface TcpSockets {
  readonly isOne: (fd: number) => boolean;
  /** Whether small packets wait for the acknowledgement of others; `undefined` for what is no connected TCP socket. */
  readonly waits: (fd: number) => boolean | undefined;
  readonly sendAtOnce: (fd: number) => void;
  /** The lowest descriptors that are free. */
  readonly free: () => readonly number[];
}

function tcpSockets(native: Native): TcpSockets {
  const { getsockopt, setsockopt, getpeername, dup, close } = native.load({
    getsockopt: "iiipp:i",
    setsockopt: "iiipi:i",
    getpeername: "ipp:i",
    dup: "i:i",
    close: "i:i",
  });
  const value = new Uint8Array(4);
  const size = new Uint8Array(4);
  const peer = new Uint8Array(128);
  const sized = (bytes: number): Uint8Array<ArrayBuffer> => (new DataView(size.buffer).setUint32(0, bytes, true), size);
  const isOne = (fd: number): boolean => Number(getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, value, sized(4))) === 0;
  return {
    isOne,
    waits: (fd) => {
      if (!isOne(fd)) return undefined;
      if (value.some((byte) => byte !== 0)) return false;
      // One that is still connecting has no peer: the runtime will set its option once more.
      return Number(getpeername(fd, peer, sized(peer.length))) === 0 ? true : undefined;
    },
    sendAtOnce: (fd) => void setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, Uint8Array.of(1, 0, 0, 0), 4),
    free: () => {
      const fds = Array.from({ length: REACH }, () => Number(dup(2))).filter((fd) => fd >= 0);
      for (const fd of fds) close(fd);
      return fds;
    },
  };
}

/**
 * Makes what lets Deno's `fetch` send at once. It switches TCP_NODELAY off on each of its connections, so that over TLS 1.3 the first
 * request waits for the acknowledgement of the handshake's end: a round trip, and up to 40 ms where that is delayed. A socket is this
 * process' own where its descriptor was free before the connection was asked for: what was inherited is left alone.
 *
 * @param parts the C library, and a timer
 * @returns what connections are announced to
 * @see https://github.com/denoland/deno/issues/35581
 */
export function makeNoDelay({ native, after }: NoDelayParts): NoDelay {
  let sockets: TcpSockets | undefined;
  let stop: (() => void) | undefined;
  let open = 0;
  let wanted = 0;
  const own = new Set<number>();
  const set = new Set<number>();
  // Those that were set, and still were when they were looked at again: the runtime will not come back to them.
  const settled = new Set<number>();
  const look = ({ waits, sendAtOnce }: TcpSockets): void => {
    for (const fd of own.difference(settled)) {
      const waiting = waits(fd);
      if (waiting === false && set.has(fd)) settled.add(fd);
      if (waiting !== true) continue;
      sendAtOnce(fd);
      set.add(fd);
    }
  };
  const watch = (found: TcpSockets, { looks, pauseMs }: { readonly looks: number; readonly pauseMs: number }): void => {
    stop?.();
    stop = after(pauseMs, () => {
      stop = undefined;
      look(found);
      if (settled.size < wanted && looks < MOST) watch(found, { looks: looks + 1, pauseMs: pauseMs * LONGER });
    });
  };
  const connecting = (): () => void => {
    sockets ??= tcpSockets(native);
    open += 1;
    wanted += 1;
    for (const fd of sockets.free()) {
      own.add(fd);
      set.delete(fd);
      // The connection that it was is closed.
      if (settled.delete(fd)) wanted -= 1;
    }
    watch(sockets, { looks: 1, pauseMs: FIRST_MS });
    return () => {
      open -= 1;
      if (open > 0) return;
      stop?.();
      wanted = settled.size;
      // One that is kept for a next request is none that is announced then.
      for (const fd of own.difference(settled)) own.delete(fd);
    };
  };
  return {
    connecting,
    begun: () => sockets === undefined || [...own].filter(sockets.isOne).length >= wanted,
  };
}
