import type { Native } from "./native/native.ts";

const IPPROTO_TCP = 6;
const TCP_NODELAY = 1;

/** Descriptors that are looked at: beyond the first one that was free, as many as a few connections and what they need may take. */
const REACH = 24;

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

interface TcpSockets {
  /** Whether small packets wait for the acknowledgement of others; `undefined` for what is no connected TCP socket. */
  readonly waits: (fd: number) => boolean | undefined;
  readonly sendAtOnce: (fd: number) => void;
  /** The lowest descriptor that is free. */
  readonly free: () => number;
}

function tcpSockets(native: Native): TcpSockets {
  const { getsockopt, setsockopt, getpeername } = native.load({
    getsockopt: "iiipp:i",
    setsockopt: "iiipi:i",
    getpeername: "ipp:i",
  });
  const { dup, close } = native.load({ dup: "i:i", close: "i:i" });
  const value = new Uint8Array(4);
  const size = new Uint8Array(4);
  const peer = new Uint8Array(128);
  const sized = (bytes: number): Uint8Array<ArrayBuffer> => (new DataView(size.buffer).setUint32(0, bytes, true), size);
  return {
    waits: (fd) => {
      if (Number(getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, value, sized(4))) !== 0) return undefined;
      // One that is still connecting has no peer: the runtime will set its option once more.
      if (Number(getpeername(fd, peer, sized(peer.length))) !== 0) return undefined;
      return value.every((byte) => byte === 0);
    },
    sendAtOnce: (fd) => void setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, Uint8Array.of(1, 0, 0, 0), 4),
    free: () => {
      const fd = Number(dup(2));
      if (fd >= 0) close(fd);
      return fd;
    },
  };
}

/**
 * Makes what lets Deno's `fetch` send at once. It switches TCP_NODELAY off on each of its connections, so that over TLS 1.3 the first
 * request waits for the acknowledgement of the handshake's end: a round trip, and up to 40 ms where that is delayed. Sockets are this
 * process' own where their descriptor was free before the connection was asked for; what was inherited is left alone.
 *
 * @param parts the C library, and a timer
 * @returns to be called before each request to a server that there is no connection to; what it returns ends it
 * @see https://github.com/denoland/deno/issues/35581
 */
export function makeNoDelay({ native, after }: NoDelayParts): () => () => void {
  let sockets: TcpSockets | undefined;
  return () => {
    sockets ??= tcpSockets(native);
    const { waits, sendAtOnce, free } = sockets;
    const first = free();
    if (first < 0) return () => {};
    const fds = Array.from({ length: REACH }, (_, at) => first + at).filter((fd) => waits(fd) === undefined);
    let looks = 0;
    let pauseMs = FIRST_MS;
    const look = (): void => {
      for (const fd of fds) if (waits(fd) === true) sendAtOnce(fd);
      looks += 1;
      pauseMs *= LONGER;
      if (looks < MOST) stop = after(pauseMs, look);
    };
    let stop = after(pauseMs, look);
    return () => stop();
  };
}
