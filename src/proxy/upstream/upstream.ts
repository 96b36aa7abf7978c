import { Buffer } from "node:buffer";
import { classifyNetworkFailure } from "../../azure/http/network_failure.ts";
import { explainNetwork } from "../../azure/failures/network_errors.ts";
import { AuthError } from "../../core/errors.ts";
import type { Network } from "../../core/host.ts";
import type { Proxy } from "../../core/proxy_route.ts";
import type { Address, Way } from "../../core/sockets.ts";

/** How long a connection to the tracking server may take. */
const CONNECT_MS = 30_000;

const hostnameOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, "$1");

const portOf = (url: URL): number => url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);

/**
 * Says how the tracking server is reached.
 *
 * @param upstream its URL
 * @param options certificates, and the proxy on the way
 * @returns its address, and the way there
 *
 * @example
 * ```ts
 * import { wayTo } from "./upstream.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(wayTo(new URL("https://[fe80::1]/"), { network: {}, proxy: undefined }), {
 *   to: { hostname: "fe80::1", port: 443 },
 *   way: { tls: true, timeoutMs: 30_000 },
 * });
 * ```
 */
export function wayTo(
  upstream: URL,
  { network, proxy }: { readonly network: Network; readonly proxy: Proxy | undefined },
): { readonly to: Address; readonly way: Way } {
  const to = { hostname: hostnameOf(upstream), port: portOf(upstream) };
  const way = { ...network, tls: upstream.protocol === "https:", timeoutMs: CONNECT_MS };
  if (proxy === undefined) return { to, way };
  const url = new URL(proxy.url);
  const pair = proxy.user && `${proxy.user.name}:${proxy.user.password.reveal()}`;
  const authorization = pair === undefined ? {} : { authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
  const at = { hostname: hostnameOf(url), port: portOf(url), tls: url.protocol === "https:" };
  return { to, way: { ...way, proxy: { ...at, ...authorization } } };
}

/**
 * Whether a server shows a certificate that marks itself as an authority, which the runtime does not take for a server's.
 *
 * @param cause what the connection was rejected with
 */
export function isAuthorityAsServer(cause: unknown): boolean {
  return /CaUsedAsEndEntity/.test(String(cause));
}

/**
 * Says why the tracking server could not be asked.
 *
 * @param cause what the connection was rejected with
 * @param at the tracking server's host, with its port where it is not the default, and the HTTP proxy on the way
 * @returns the error; it names the HTTP proxy where that is what failed
 */
export function upstreamError(
  cause: unknown,
  { host, proxy }: { readonly host: string; readonly proxy?: Pick<Proxy, "host" | "variable"> | undefined },
): AuthError {
  if (cause instanceof AuthError) return cause;
  const doing = `Cannot reach tracking server "${host}"`;
  if (isAuthorityAsServer(cause)) {
    return new AuthError("tls-untrusted", {
      message: `${doing}: its certificate is one of an authority (CA:TRUE), which this build takes from no server`,
      remedy:
        "use the Bun build, or give the server a certificate with CA:FALSE: openssl req -x509 … -addext basicConstraints=critical,CA:FALSE",
      cause,
    });
  }
  if (proxy !== undefined && cause instanceof Error) {
    Object.assign(cause, { proxy: { host: proxy.host, variable: proxy.variable } });
  }
  return explainNetwork(classifyNetworkFailure(cause, host), { doing, cause });
}
