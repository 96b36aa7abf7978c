import { acceptClients } from "./accept_clients.ts";

/** A proxy on loopback that reaches only what a test gives it. */
export interface ConnectProxy {
  /** For `HTTPS_PROXY`: `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** What was let through, as `host:port`, in order. */
  readonly accepted: readonly string[];
  /** What was refused, as `host:port` of a CONNECT, or the URL of a plain request, in order. */
  readonly refused: readonly string[];
  readonly close: () => Promise<void>;
}

/**
 * Starts a CONNECT proxy that leads real names to ports of loopback and refuses everything else with status 403, so that a
 * program reaches `https://team.vault.azure.net` with every check of its own on while nothing leaves the machine.
 *
 * @param route the loopback port that answers for a `host`, or `undefined` to refuse it; `host` has no port
 * @returns the proxy; close it at the end
 */
export function startConnectProxy(route: (host: string) => number | undefined): ConnectProxy {
  const accepted: string[] = [];
  const refused: string[] = [];
  const { port, add, end, close } = acceptClients(async (client) => {
    const head = await readHead(client);
    if (head === undefined) return;
    const [method = "", target = ""] = head.line.split(" ");
    const host = target.replace(/:\d+$/, "").toLowerCase();
    const led = method === "CONNECT" && target.endsWith(":443") ? route(host) : undefined;
    if (led === undefined) {
      refused.push(target);
      await writeAll(client, text("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
      return;
    }
    accepted.push(target);
    const server = await Deno.connect({ hostname: "127.0.0.1", port: led });
    add(server);
    await writeAll(client, text("HTTP/1.1 200 Connection established\r\n\r\n"));
    await writeAll(server, head.rest);
    await Promise.all([pump(client, server), pump(server, client)]);
    end(server);
  });
  return { url: `http://127.0.0.1:${port}`, accepted, refused, close };
}

interface Head {
  readonly line: string;
  readonly rest: Uint8Array;
}

async function readHead(client: Deno.Conn): Promise<Head | undefined> {
  let seen = new Uint8Array();
  const chunk = new Uint8Array(4096);
  while (seen.length < 16_384) {
    const count = await client.read(chunk);
    if (count === null) return undefined;
    seen = new Uint8Array([...seen, ...chunk.subarray(0, count)]);
    const head = new TextDecoder("latin1").decode(seen);
    const at = head.indexOf("\r\n\r\n");
    if (at >= 0) return { line: head.slice(0, head.indexOf("\r\n")), rest: seen.subarray(at + 4) };
  }
  return undefined;
}

async function pump(from: Deno.Conn, to: Deno.Conn): Promise<void> {
  const chunk = new Uint8Array(65_536);
  try {
    for (let count = await from.read(chunk); count !== null; count = await from.read(chunk)) {
      await writeAll(to, chunk.subarray(0, count));
    }
    await to.closeWrite();
  } catch {
    // A reset on one side has to reach the other one as an end, not as silence.
    await to.closeWrite().catch(() => {});
    await from.closeWrite().catch(() => {});
  }
}

async function writeAll(to: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await to.write(bytes.subarray(at));
}

function text(line: string): Uint8Array {
  return new TextEncoder().encode(line);
}
