import type { Channel } from "../../core/sockets.ts";

/** What is used of a socket of Bun's own. */
export interface BunSocket {
  /** What was given where it was made. */
  readonly data: Flow;
  /** How many of the bytes were taken; a negative number where it is closed. `drain` tells when more are. */
  readonly write: (bytes: Uint8Array) => number;
  readonly pause: () => void;
  readonly resume: () => void;
  /** Says that nothing more will be written. */
  readonly shutdown: () => void;
  readonly close: () => void;
  readonly setNoDelay: (on: boolean) => void;
}

/** What Bun calls: one set of functions for all sockets, which tells them apart by their data. */
export interface BunHandlers {
  readonly binaryType: "uint8array";
  readonly open: (socket: BunSocket) => void;
  readonly data: (socket: BunSocket, bytes: Uint8Array<ArrayBuffer>) => void;
  readonly drain: (socket: BunSocket) => void;
  readonly end: (socket: BunSocket) => void;
  readonly close: (socket: BunSocket, error?: Error) => void;
  readonly error: (socket: BunSocket, error: Error) => void;
}

/** A socket that is connected, as a channel, and what its handlers do to it. */
export interface Flow {
  readonly channel: Channel;
  readonly opened: (socket: BunSocket) => void;
  readonly came: (bytes: Uint8Array<ArrayBuffer>) => void;
  readonly drained: () => void;
  readonly ended: () => void;
  readonly failed: (error: Error) => void;
}

/** Most that is kept for who does not read, besides what the system keeps. */
const AHEAD = 64 * 1024;

/** What is worth being given back before it is collected: Bun reads up to 512 KiB at once. */
const LARGE = 32 * 1024;

const CLOSED = "the connection is closed";

const TAKEN = Promise.resolve();

interface Waiting<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Makes the channel of a socket that is still to be opened. It is stopped while more than enough waits to be read.
 *
 * @returns the channel, and what its handlers do
 */
export function makeFlow(): Flow {
  let socket: BunSocket | undefined;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let waiting = 0;
  let stopped = false;
  /** What was read last, which is the caller's until the next call. */
  let lent: Uint8Array<ArrayBuffer> | undefined;
  let ended = false;
  let failure: Error | undefined;
  let reader: Waiting<Uint8Array | null> | undefined;
  let writer: Waiting<void> & { readonly rest: Uint8Array } | undefined;

  const fail = (error: Error): void => {
    failure ??= error;
    reader?.reject(failure);
    writer?.reject(failure);
    reader = writer = undefined;
  };
  /** Gives the memory back, which the collector would let grow: it does not see how large it is. */
  const giveBack = (): void => {
    if (lent !== undefined && lent.length >= LARGE && lent.length === lent.buffer.byteLength) lent.buffer.transfer(0);
    lent = undefined;
  };
  const next = (): Uint8Array | undefined => {
    const bytes = parts.shift();
    if (bytes === undefined) return undefined;
    waiting -= bytes.length;
    if (stopped && waiting < AHEAD) {
      stopped = false;
      socket?.resume();
    }
    return lent = bytes;
  };
  const write = (bytes: Uint8Array): Promise<void> => {
    const taken = failure === undefined && socket !== undefined ? socket.write(bytes) : -1;
    if (taken === bytes.length) return TAKEN;
    if (taken < 0) return Promise.reject(failure ?? new Error(CLOSED));
    return new Promise((resolve, reject) => writer = { resolve, reject, rest: bytes.subarray(taken) });
  };
  return {
    channel: {
      read: () => {
        giveBack();
        const bytes = next();
        if (bytes !== undefined) return Promise.resolve(bytes);
        if (ended) return Promise.resolve(null);
        if (failure !== undefined) return Promise.reject(failure);
        return new Promise((resolve, reject) => reader = { resolve, reject });
      },
      write,
      shut: () => {
        socket?.shutdown();
        return TAKEN;
      },
      close: () => {
        fail(new Error(CLOSED));
        socket?.close();
      },
    },
    opened: (opened) => {
      socket = opened;
      opened.setNoDelay(true);
    },
    came: (bytes) => {
      if (reader !== undefined) {
        const { resolve } = reader;
        reader = undefined;
        return resolve(lent = bytes);
      }
      parts.push(bytes);
      waiting += bytes.length;
      if (waiting < AHEAD || stopped) return;
      stopped = true;
      socket?.pause();
    },
    drained: () => {
      if (writer === undefined) return;
      const { resolve, reject, rest } = writer;
      writer = undefined;
      write(rest).then(resolve, reject);
    },
    ended: () => {
      ended ||= failure === undefined;
      reader?.resolve(null);
      reader = undefined;
    },
    failed: fail,
  };
}

/** What is called for the sockets whose data is a {@link Flow}. */
export const HANDLERS: BunHandlers = {
  binaryType: "uint8array",
  open: (socket) => socket.data.opened(socket),
  data: ({ data }, bytes) => data.came(bytes),
  drain: ({ data }) => data.drained(),
  end: ({ data }) => data.ended(),
  // One that was closed without a word of TLS has ended as well: whether the body was whole, its own framing says.
  close: ({ data }, error) => {
    if (error === undefined) data.ended();
    data.failed(error ?? new Error(CLOSED));
  },
  error: ({ data }, error) => data.failed(error),
};
