import { AuthError, type ErrorCode } from "../../core/errors.ts";
import type { NetworkFailure } from "../http/network_failure.ts";

interface Row {
  readonly code: ErrorCode;
  /** Ends the sentence `Cannot go through proxy "…" of VARIABLE: …`. */
  readonly is: (failure: NetworkFailure) => string;
  readonly remedy: (at: {
    readonly proxy: string;
    readonly variable: string;
    readonly name: string;
    readonly url: string;
  }) => string;
}

const hostname = (host: string): string => host.replace(/:\d+$/, "");

// Only these are the proxy's own: a certificate, for one, is the service's, seen through the tunnel.
const ROWS: Partial<Record<NetworkFailure["kind"] | "asks", Row>> = {
  dns: {
    code: "network-dns",
    is: ({ proxy }) => `the name ${hostname(proxy?.host ?? "")} does not resolve`,
    remedy: ({ proxy, variable }) => `correct or unset ${variable}; to look the name up: nslookup ${hostname(proxy)}`,
  },
  refused: {
    code: "network-refused",
    is: () => "it refuses the connection",
    remedy: ({ proxy, variable }) => `correct or unset ${variable}; to try it: curl -v http://${proxy}/`,
  },
  timeout: {
    code: "network-timeout",
    is: ({ host }) => `no answer of ${host} came in time`,
    remedy: ({ proxy, variable, url }) =>
      `see who is silent: curl -v --max-time 5 -x http://${proxy} ${url}; if it is the proxy, correct or unset ${variable}`,
  },
  reset: {
    code: "network-reset",
    is: ({ host }) => `the connection to ${host} broke`,
    remedy: ({ proxy }) => `try again; if it stays, look at the proxy: curl -v http://${proxy}/`,
  },
  asks: {
    code: "network-proxy",
    is: () => "it asks for a user name and password, or does not take those in its URL (407)",
    remedy: ({ proxy, variable }) => `export ${variable}=http://USER:PASSWORD@${proxy}`,
  },
  proxy: {
    code: "network-proxy",
    is: ({ host }) => `it opens no way to ${host}, which it may not reach or which does not exist`,
    remedy: ({ name }) =>
      `check the name; let the proxy pass ${name}, or go past it: export NO_PROXY="$NO_PROXY,${name}"`,
  },
};

/**
 * The error for a request that failed on the way to a proxy, or at the proxy.
 *
 * @param failure what happened, and through which proxy
 * @param cause the failure below
 * @returns the error, `network-*`, which names the proxy and its variable; `undefined` where the proxy has no part in it
 *
 * @example
 * ```ts
 * import { explainProxy } from "./proxy_errors.ts";
 * import assert from "node:assert/strict";
 *
 * const proxy = { host: "proxy.example:3128", variable: "HTTPS_PROXY", asks: false };
 * assert.equal(
 *   explainProxy({ kind: "refused", host: "team.vault.azure.net", proxy })?.message,
 *   'Cannot go through proxy "proxy.example:3128" of HTTPS_PROXY: it refuses the connection',
 * );
 * ```
 */
export function explainProxy(failure: NetworkFailure, cause?: unknown): AuthError | undefined {
  const { kind, host, proxy, scheme = "https" } = failure;
  const row = proxy === undefined ? undefined : ROWS[proxy.asks ? "asks" : kind];
  if (proxy === undefined || row === undefined) return undefined;
  return new AuthError(row.code, {
    message: `Cannot go through proxy "${proxy.host}" of ${proxy.variable}: ${row.is(failure)}`,
    remedy: row.remedy({
      proxy: proxy.host,
      variable: proxy.variable,
      name: hostname(host),
      url: `${scheme}://${host}/`,
    }),
    cause,
  });
}
