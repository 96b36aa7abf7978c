// Runs the proxy once, when the executable is built: a program asks it, and it asks a server, both on this machine.
import { makeLog } from "../../../src/core/log.ts";
import { Secret } from "../../../src/core/secret.ts";
import type { Sockets } from "../../../src/core/sockets.ts";

const CANARY = Deno.args[1] ?? "";

/**
 * Starts the proxy, sends a request through it, and ends it.
 *
 * @param startProxy the proxy's own function
 * @param sockets connections to and from it
 */
export async function warmUpProxy({ startProxy, sockets }: {
  readonly startProxy: typeof import("../../../src/proxy/start_proxy.ts").startProxy;
  readonly sockets: Sockets;
}): Promise<void> {
  const server = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serve = async (): Promise<void> => {
    using conn = await server.accept();
    const buffer = new Uint8Array(4096);
    await conn.read(buffer);
    await conn.write(new TextEncoder().encode("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
    await conn.read(buffer);
  };
  const served = serve();
  const proxy = await startProxy({
    host: {
      now: () => Date.now(),
      after: (ms, run) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
      randomHex: () => "0".repeat(32),
      sockets,
    },
    listen: { hostname: "127.0.0.1", port: 0 },
    hostNames: [],
    upstream: new URL(`http://127.0.0.1:${server.addr.port}/`),
    key: new Secret(CANARY),
    headerName: "Authorization",
    readCredential: () => Promise.resolve({ credential: { kind: "bearer", token: new Secret(CANARY) } }),
    ttlMs: 300_000,
    log: makeLog("ERROR", () => {}),
    network: {},
    proxy: undefined,
    farewell: {},
    onEnd: () => {},
  });
  using conn = await Deno.connect({ hostname: "127.0.0.1", port: proxy.address.port });
  const request =
    `POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${CANARY}\r\nContent-Length: 2\r\n\r\nok`;
  await conn.write(new TextEncoder().encode(request));
  await conn.read(new Uint8Array(4096));
  await proxy.close(0);
  await served;
  server.close();
}
