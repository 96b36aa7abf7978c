import type { Network } from "./network.ts";

/** A stream of bytes in both directions. It has no buffer of its own: who does not read holds the sender back. */
export interface Channel {
  /** The next bytes, valid until the next call; `null` at the end. Rejects where the connection broke or was closed. */
  readonly read: () => Promise<Uint8Array | null>;
  /** Settles when the bytes are the caller's again. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** Says that nothing more will be written; what was written arrives. */
  readonly shut: () => Promise<void>;
  /** Gives the connection up, both directions, at once. */
  readonly close: () => void;
}

/** Where to listen or to connect to. */
export interface Address {
  /** A name or an address; IPv6 without brackets. */
  readonly hostname: string;
  /** 0 lets the system choose when listening. */
  readonly port: number;
}

/** What listens. */
export interface Listener {
  readonly address: Address;
  /** Accepts nothing more; connections stay. */
  readonly close: () => void;
}

/** How to reach a server. */
export interface Way extends Network {
  /** Whether to speak TLS to it; only `http/1.1` is offered. */
  readonly tls: boolean;
  /** The HTTP proxy to go through by CONNECT. */
  readonly proxy?: Address & {
    /** Whether the proxy itself is spoken to over TLS. */
    readonly tls: boolean;
    /** Value of `Proxy-Authorization`. */
    readonly authorization?: string;
  };
  readonly timeoutMs: number;
  /** Gives it up. A connection that is still being made would keep the process. */
  readonly signal?: AbortSignal;
}

/** Connections, as each runtime makes them. */
export interface Sockets {
  /** Rejects with the system's error, `code` and all, where the address cannot be had. */
  readonly listen: (at: Address, serve: (client: Channel) => void) => Promise<Listener>;
  /** Rejects with the runtime's own error. */
  readonly connect: (to: Address, way: Way) => Promise<Channel>;
}
