import { acceptClients } from "./accept_clients.ts";

/** A proxy on loopback that looks at who asks, and hands what it lets through to another proxy. */
export interface AskingProxy {
  readonly port: number;
  /** `METHOD target user:password` of each request, in order; without the last word where none was sent. */
  readonly asked: readonly string[];
  readonly close: () => Promise<void>;
}

/**
 * Starts a proxy in front of another one.
 *
 * @param behind URL of the other proxy
 * @param status what it answers to everybody, such as 407; 200 lets everybody through
 * @returns the proxy; close it at the end
 */
export function startAskingProxy(behind: string, status: 200 | 403 | 407): AskingProxy {
  const asked: string[] = [];
  const { port, add, close } = acceptClients(async (client) => {
    const head = await readHead(client);
    const [method = "", target = ""] = head.split(" ");
    const basic = /^proxy-authorization: basic (\S+)\r$/im.exec(head)?.[1];
    asked.push([method, target, ...(basic === undefined ? [] : [atob(basic)])].join(" "));
    if (status !== 200) {
      const text = `HTTP/1.1 ${status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;
      await client.write(new TextEncoder().encode(text));
      return;
    }
    const { hostname, port } = new URL(behind);
    const next = await Deno.connect({ hostname, port: Number(port) });
    add(next);
    await next.write(new TextEncoder().encode(head.replace(/^proxy-authorization:.*\r\n/im, "")));
    // Either side may vanish at any byte.
    const pass = (from: Deno.Conn, to: Deno.Conn) => from.readable.pipeTo(to.writable).catch(() => {});
    await Promise.all([pass(client, next), pass(next, client)]);
  });
  return { port, asked, close };
}

async function readHead(client: Deno.Conn): Promise<string> {
  let head = "";
  const chunk = new Uint8Array(4096);
  while (!head.includes("\r\n\r\n")) {
    const count = await client.read(chunk);
    if (count === null) throw new Error("the client has gone");
    head += new TextDecoder("latin1").decode(chunk.subarray(0, count));
  }
  return head;
}
