import { createServer } from "node:https";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Authority, makeSelfSignedAuthority, type Pair } from "../tls.ts";
import { freePort, startPart } from "./part.ts";

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

/** OpenSSL's own way to want a certificate: an alert, as most servers have it; Node completes the handshake first. */
const MUTUAL = `import http.server, ssl, sys
port, version, pair, clients, token = sys.argv[1:]
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        self.rfile.read(int(self.headers.get("content-length") or 0))
        signed = self.headers.get("authorization") == "Bearer " + token
        if self.path == "/health": self.give(200, b"OK")
        elif not signed: self.give(401, b"bad or missing bearer token", "Bearer")
        elif "experiments/search" in self.path: self.give(200, b'{"experiments": []}')
        else: self.give(404, b"")
    do_POST = do_GET
    def give(self, status, body, challenge=None):
        self.send_response(status)
        self.send_header("content-type", "application/json" if body[:1] == b"{" else "text/plain")
        self.send_header("content-length", str(len(body)))
        if challenge: self.send_header("www-authenticate", challenge)
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args): pass
class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *args): pass
    def get_request(self):
        socket, address = super().get_request()
        socket.settimeout(20)
        return context.wrap_socket(socket, server_side=True, do_handshake_on_connect=False), address
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.minimum_version = context.maximum_version = getattr(ssl.TLSVersion, version)
context.load_cert_chain(pair)
context.verify_mode = ssl.CERT_REQUIRED
context.load_verify_locations(clients)
Server(("127.0.0.1", int(port)), Handler).serve_forever()
`;

/**
 * Starts them.
 *
 * @param answer what they answer to whoever gets through
 * @param options the authority of their certificates, and the one of client certificates
 * @returns the servers
 */
export async function startTlsServers(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  { authority, clients, python, token, names = [] }: {
    readonly authority: Authority;
    readonly clients: Authority;
    /** A Python, and the token that the servers take which want a client's certificate. */
    readonly python: string;
    readonly token: string;
    /** What the servers are called besides `localhost`. */
    readonly names?: readonly string[];
  },
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
  const good = await authority.server(["localhost", "127.0.0.1", ...names]);
  const self = await makeSelfSignedAuthority("localhost");
  const folder = await mkdtemp(join(tmpdir(), "mlflow-auth-tls-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "pair.pem"), good.certificate + good.key);
  await writeFile(join(folder, "clients.pem"), clients.certificate);
  const mutual = async (version: "TLSv1_2" | "TLSv1_3"): Promise<string> => {
    const port = await freePort();
    const args = [`${port}`, version, "pair.pem", "clients.pem", token];
    const options = { cwd: folder, env: { PATH: "/usr/bin:/bin" }, answers: `tcp:${port}` };
    stack.use(await startPart([python, "-c", MUTUAL, ...args], options));
    return `https://localhost:${port}`;
  };
  const servers = {
    private: await listen(good),
    expired: await listen(await authority.server(["localhost"], "expired")),
    wrongName: await listen(await authority.server(["localhost"], "wrong-name")),
    selfSigned: await listen(self),
    selfSignedPem: self.certificate,
    mutual12: await mutual("TLSv1_2"),
    mutual13: await mutual("TLSv1_3"),
    modern: await listen(good, { minVersion: "TLSv1.3" }),
  };
  const moved = stack.move();
  return { ...servers, [Symbol.asyncDispose]: () => moved.disposeAsync() };
}
