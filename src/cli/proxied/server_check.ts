import { loadNetwork } from "../../azure/http/network.ts";
import type { Network } from "../../core/network.ts";
import { routeFor } from "../../core/proxy_route.ts";
import type { Session } from "../session.ts";

/**
 * Reads what the tracking server is reached with.
 *
 * @param session the settings and the world
 * @returns roots to trust besides the built-in ones, and the certificate to present
 * @throws {AuthError} `setting-invalid` for a file that cannot be read, or that does not hold what it is for
 */
export async function networkOf({ host, log, settings }: Pick<Session, "host" | "log" | "settings">): Promise<Network> {
  const [{ loadTrackingNetwork }, base] = await Promise.all([
    import("../../doctor/tracking/tracking_network.ts"),
    loadNetwork(settings, { host, log }),
  ]);
  const { ours, network } = await loadTrackingNetwork(settings, { base, host });
  return ours?.network ?? network;
}

/**
 * Looks at the tracking server's certificate, where this build's connections would refuse every request for what it is.
 *
 * @param session the settings and the world
 * @param options the tracking server, and what gives it up
 * @throws {AuthError} `tls-untrusted` for a server that is an authority, `setting-invalid` for certificates that cannot be read
 *
 * @example
 * ```ts ignore
 * import { checkServer } from "./server_check.ts";
 *
 * await checkServer(session, { upstream: new URL("https://mlflow.example"), signal: new AbortController().signal });
 * ```
 */
export async function checkServer(
  session: Session,
  { upstream, signal }: { readonly upstream: URL; readonly signal: AbortSignal },
): Promise<void> {
  const { host } = session;
  if (host.build.runtime !== "deno" || upstream.protocol !== "https:") return;
  const network = await networkOf(session);
  if (network.extraRoots === undefined) return;
  const [{ checkCertificate }, sockets] = await Promise.all([
    import("../../proxy/upstream/certificate.ts"),
    host.sockets(),
  ]);
  if (signal.aborted) return;
  await checkCertificate(upstream, {
    host: { sockets },
    network,
    proxy: routeFor(session, host.env)(upstream),
    signal,
  });
}
