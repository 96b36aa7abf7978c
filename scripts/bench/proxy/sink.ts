// A server that takes bodies and says how long they were, over TLS: `sink.ts <certificate> <key>` prints its port. nginx would answer
// before it has read them, or write them to a disk. Behind the head of a request for `/stall` it reads nothing more.
import { readFileSync } from "node:fs";

const [certificate = "", key = ""] = Deno.args;
const listener = Deno.listenTls({
  hostname: "127.0.0.1",
  port: 0,
  cert: readFileSync(certificate, "utf8"),
  key: readFileSync(key, "utf8"),
});
console.log(listener.addr.port);

async function serve(conn: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(256 * 1024);
  const decoder = new TextDecoder();
  for (;;) {
    let head = "";
    let left = 0;
    while (!head.includes("\r\n\r\n")) {
      const length = await conn.read(buffer);
      if (length === null) return;
      head += decoder.decode(buffer.subarray(0, length));
    }
    if (/^\w+ \/stall /.test(head)) return await new Promise(() => {});
    const end = head.indexOf("\r\n\r\n") + 4;
    left = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0) - (head.length - end);
    while (left > 0) {
      const length = await conn.read(buffer);
      if (length === null) return;
      left -= length;
    }
    await conn.write(new TextEncoder().encode("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
  }
}

for await (const conn of listener) serve(conn).catch(() => {}).finally(() => conn.close());
