import type { Address, Channel, Sockets } from "../../src/core/sockets.ts";
import { bytesOf, hear } from "./heads.ts";

/** One end of a connection that is in memory alone. */
export interface End extends Channel {
  /** Writes a text, one byte a character. */
  readonly say: (text: string) => Promise<void>;
  /** All that has come, until it holds a text or the connection ends. */
  readonly hear: (until: string | RegExp) => Promise<string>;
  /** All that has come, until the connection ends. */
  readonly hearAll: () => Promise<string>;
  /** Whether either side has given the connection up. */
  readonly closed: () => boolean;
}

interface Lane {
  readonly parts: Uint8Array[];
  ended: boolean;
  wake: () => void;
}

const lane = (): Lane => ({ parts: [], ended: false, wake: () => {} });

/** Two ends of a connection. A write is taken at once; an end that is closed ends the other's reading. */
export function makePipe(): readonly [End, End] {
  const there = lane();
  const back = lane();
  const state = { closed: false };
  const end = (from: Lane, to: Lane): End => {
    const read = async (): Promise<Uint8Array | null> => {
      while (from.parts.length === 0 && !from.ended) {
        const { promise, resolve } = Promise.withResolvers<void>();
        from.wake = resolve;
        await promise;
      }
      return from.parts.shift() ?? null;
    };
    const write = (bytes: Uint8Array): Promise<void> => {
      if (to.ended || state.closed) return Promise.reject(new Error("connection reset"));
      to.parts.push(bytes.slice());
      to.wake();
      return Promise.resolve();
    };
    return {
      read,
      write,
      shut: () => {
        to.ended = true;
        to.wake();
        return Promise.resolve();
      },
      close: () => {
        state.closed = from.ended = to.ended = true;
        from.wake();
        to.wake();
      },
      say: (text) => write(bytesOf(text)),
      hear: (until) => hear(read, until),
      hearAll: () => hear(read, undefined),
      closed: () => state.closed,
    };
  };
  return [end(back, there), end(there, back)];
}

/** A network in memory. */
export interface MemoryNetwork {
  readonly sockets: Sockets;
  /** Connects to what listens. */
  readonly connect: () => End;
  /** The next connection that was made to another server, as that server sees it. */
  readonly accept: () => Promise<End>;
  /** What each connection was made to. */
  readonly dialled: readonly Address[];
  /** Makes the next connections fail. */
  readonly refuse: (error: Error | undefined) => void;
}

/**
 * Makes a network in memory.
 *
 * @returns what listens and connects there
 */
export function memoryNetwork(): MemoryNetwork {
  const made: End[] = [];
  const dialled: Address[] = [];
  let wake = (): void => {};
  let serve: ((client: Channel) => void) | undefined;
  let refused: Error | undefined;
  return {
    dialled,
    refuse: (error) => void (refused = error),
    sockets: {
      listen: (at, serving) => {
        serve = serving;
        return Promise.resolve({ address: { ...at, port: 5000 }, close: () => void (serve = undefined) });
      },
      connect: (to) => {
        dialled.push(to);
        if (refused !== undefined) return Promise.reject(refused);
        const [own, other] = makePipe();
        made.push(other);
        wake();
        return Promise.resolve(own);
      },
    },
    connect: () => {
      const [own, other] = makePipe();
      if (serve === undefined) throw new Error("nobody listens");
      serve(other);
      return own;
    },
    accept: async () => {
      while (made.length === 0) {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        await promise;
      }
      return made.shift()!;
    },
  };
}
