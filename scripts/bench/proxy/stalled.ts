import { sleep } from "./processes.ts";

/** A proxy whose memory is looked at. */
export interface Stalled {
  /** Where it listens. */
  readonly port: number;
  readonly key: string;
  /** Its memory, in MiB. */
  readonly memory: () => number;
}

/** How long nothing is taken: longer than it takes to fill what is between the two. */
const STALL_MS = 3_000;

/** More than any buffer on the way takes. */
const BYTES = 2 ** 30;

/** Opens a connection, and sends a head whose first line and further fields are given. */
async function open({ port, key }: Stalled, [line, ...fields]: readonly [string, ...string[]]): Promise<Deno.TcpConn> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  const lines = [`${line} HTTP/1.1`, "Host: 127.0.0.1", `Authorization: Bearer ${key}`, ...fields];
  const head = `${lines.join("\r\n")}\r\n\r\n`;
  await conn.write(new TextEncoder().encode(head));
  return conn;
}

/**
 * Measures what a proxy takes more while a client asks for a large file and reads nothing of it.
 *
 * @param proxy in front of a server that gives `/large`
 * @returns how much it grew, in MiB
 */
export async function growthByReader(proxy: Stalled): Promise<number> {
  const before = proxy.memory();
  using _conn = await open(proxy, ["GET /large"]);
  await sleep(STALL_MS);
  return proxy.memory() - before;
}

/**
 * Measures what a proxy takes more while a client sends a large body and the server takes nothing of it.
 *
 * @param proxy in front of a server that stops reading behind the head of a request for `/stall`
 * @returns how much it grew, in MiB
 */
export async function growthByServer(proxy: Stalled): Promise<number> {
  const before = proxy.memory();
  const conn = await open(proxy, ["PUT /stall", `Content-Length: ${BYTES}`]);
  const part = new Uint8Array(64 * 1024);
  const send = async (): Promise<void> => {
    for (;;) await conn.write(part);
  };
  // It is closed in the middle of a write.
  const sending = send().catch(() => {});
  await sleep(STALL_MS);
  const grown = proxy.memory() - before;
  conn.close();
  await sending;
  return grown;
}
