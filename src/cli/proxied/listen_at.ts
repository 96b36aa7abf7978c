import { isLoopback } from "../../core/host_name.ts";
import { AuthError } from "../../core/errors.ts";
import type { Address } from "../../core/sockets.ts";

/** Where a proxy listens, and under which names it may be asked for. */
export interface ListenAt {
  readonly listen: Address;
  /** Names besides those of loopback. */
  readonly hostNames: readonly string[];
  /** Whether others than this machine can reach it. */
  readonly remote: boolean;
}

/** What the options of `proxy` say. */
export interface ListenOptions {
  /** `host:port`; an IPv6 address stands in brackets. */
  readonly listen: string;
  readonly names: readonly string[];
  readonly allowRemote: boolean;
}

const bare = (hostname: string): string => hostname.replace(/^\[(.*)\]$/, "$1");

/** Addresses that stand for all of a machine's. */
const isAnyAddress = (hostname: string): boolean => /^(0\.0\.0\.0|\[::\])$/.test(hostname);

/**
 * Reads where a proxy is to listen.
 *
 * @param options what was given
 * @returns the address and the names
 * @throws {AuthError} `usage` for what is no `host:port`, and for an address that others can reach where that is not allowed
 *
 * @example
 * ```ts
 * import { listenAt } from "./listen_at.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(listenAt({ listen: "[::1]:4040", names: [], allowRemote: false }), {
 *   listen: { hostname: "::1", port: 4040 },
 *   hostNames: [],
 *   remote: false,
 * });
 * ```
 */
export function listenAt({ listen, names, allowRemote }: ListenOptions): ListenAt {
  const [, hostname = "", port = ""] = /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+):(\d{1,5})$/i.exec(listen) ?? [];
  if (hostname === "" || Number(port) > 65535) {
    throw new AuthError("usage", {
      message: "Cannot understand the command line: --listen expects host:port",
      remedy: "write --listen 127.0.0.1:5000, or --listen 127.0.0.1:0 for a port that the system chooses",
    });
  }
  const remote = !isLoopback(hostname.toLowerCase());
  if (remote && !allowRemote) {
    throw new AuthError("usage", {
      message: `Cannot listen on "${hostname}": others than this machine could reach the proxy`,
      remedy: "write --listen 127.0.0.1:5000, or add --allow-remote on a network that you trust",
    });
  }
  const own = remote && !isAnyAddress(hostname) ? [bare(hostname)] : [];
  return {
    listen: { hostname: bare(hostname), port: Number(port) },
    hostNames: [...own, ...names.map((name) => bare(name.toLowerCase()))],
    remote,
  };
}
