import { createServer } from "node:https";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Authority, Pair } from "../tls.ts";
import { makeSelfSignedAuthority } from "../tls.ts";

/** Servers that speak TLS, each in its own way, with MLflow's answers below it. */
export interface TlsServers extends AsyncDisposable {
  /** A certificate of the test's own authority. */
  readonly private: string;
  readonly expired: string;
  readonly wrongName: string;
  /** What `openssl req -x509` makes: its own issuer, marked as an authority. */
  readonly selfSigned: string;
  readonly selfSignedPem: string;
  /** Wants a client's certificate, by TLS 1.2 and by TLS 1.3. */
  readonly mutual12: string;
  readonly mutual13: string;
  /** TLS 1.3 alone. */
  readonly modern: string;
}

/**
 * Starts them.
 *
 * @param answer what they answer to whoever gets through
 * @param options the authority of their certificates, and the one of client certificates
 * @returns the servers
 */
export async function startTlsServers(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  { authority, clients }: { readonly authority: Authority; readonly clients: Authority },
): Promise<TlsServers> {
  await using stack = new AsyncDisposableStack();
  const listen = async (pair: Pair, more: Parameters<typeof createServer>[0] = {}): Promise<string> => {
    const server = createServer({ key: pair.key, cert: pair.certificate, ...more }, answer);
    server.on("tlsClientError", () => {});
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    stack.defer(() => {
      server.closeAllConnections();
      server.close();
    });
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("The port has no number");
    return `https://localhost:${address.port}`;
  };
  const good = await authority.server(["localhost", "127.0.0.1"]);
  const self = await makeSelfSignedAuthority("localhost");
  const mutual = { requestCert: true, rejectUnauthorized: true, ca: clients.certificate };
  const servers = {
    private: await listen(good),
    expired: await listen(await authority.server(["localhost"], "expired")),
    wrongName: await listen(await authority.server(["localhost"], "wrong-name")),
    selfSigned: await listen(self),
    selfSignedPem: self.certificate,
    mutual12: await listen(good, { ...mutual, maxVersion: "TLSv1.2" }),
    mutual13: await listen(good, { ...mutual, minVersion: "TLSv1.3" }),
    modern: await listen(good, { minVersion: "TLSv1.3" }),
  };
  const moved = stack.move();
  return { ...servers, [Symbol.asyncDispose]: () => moved.disposeAsync() };
}
