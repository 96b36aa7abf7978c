import type { Network } from "../../core/network.ts";
import type { Sockets } from "../../core/sockets.ts";
import type { Proxy } from "../../core/proxy_route.ts";
import { isAuthorityAsServer, upstreamError, wayTo } from "./upstream.ts";

/** How long the tracking server may take to show its certificate: one that is slow, or away, may come later. */
const SHOW_MS = 2000;

/**
 * Refuses a tracking server that shows a root of its own making, as `openssl req -x509` makes them, before anything relies on the
 * proxy: Deno takes no authority for a server, so that every request would fail. Only where roots were named a server can be such a one.
 *
 * @param upstream the tracking server's URL
 * @param options how it is reached, and what gives it up
 * @throws {AuthError} `tls-untrusted`; whatever else goes wrong may have passed when a request comes, and is told then
 *
 * @example
 * ```ts
 * import { checkCertificate } from "./certificate.ts";
 * import assert from "node:assert/strict";
 *
 * const connect = () => Promise.reject(new Error("invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))"));
 * const host = { sockets: { listen: connect, connect } };
 * const options = { host, network: { extraRoots: "-----BEGIN CERTIFICATE-----…" }, proxy: undefined };
 * await assert.rejects(checkCertificate(new URL("https://mlflow.example"), options), { code: "tls-untrusted" });
 * await checkCertificate(new URL("https://mlflow.example"), { ...options, network: {} });
 * ```
 */
export async function checkCertificate(
  upstream: URL,
  { host, network, proxy, signal }: {
    readonly host: { readonly sockets: Sockets };
    readonly network: Network;
    readonly proxy: Proxy | undefined;
    readonly signal?: AbortSignal;
  },
): Promise<void> {
  if (upstream.protocol !== "https:" || network.extraRoots === undefined) return;
  // The server shows its certificate first.
  const { to, way } = wayTo(upstream, { network: { extraRoots: network.extraRoots }, proxy });
  const until = signal === undefined ? {} : { signal };
  try {
    const shown = await host.sockets.connect(to, { ...way, ...until, timeoutMs: SHOW_MS });
    shown.close();
  } catch (cause) {
    if (isAuthorityAsServer(cause)) throw upstreamError(cause, { host: upstream.host });
  }
}
