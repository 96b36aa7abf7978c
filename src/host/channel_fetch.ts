import type { Network } from "../core/network.ts";
import type { Channel, Sockets } from "../core/sockets.ts";

const CONNECT_MS = 5_000;
/** Most that an answer may have: a token has a few kilobytes. */
const MOST = 1024 * 1024;

const latin1 = (bytes: Uint8Array): string => new TextDecoder("latin1").decode(bytes);

/** A chunked body put together (RFC 9112, section 7.1). */
function unchunk(text: string): string {
  let rest = text;
  let body = "";
  for (;;) {
    const [line = "", size = ""] = /^([0-9A-Fa-f]{1,8})[^\r\n]*\r\n/.exec(rest) ?? [];
    const length = Number.parseInt(size, 16);
    if (line === "" || rest.length < line.length + length) throw new TypeError("connection closed: Incomplete body");
    if (length === 0) return body;
    body += rest.slice(line.length, line.length + length);
    rest = rest.slice(line.length + length + 2);
  }
}

/**
 * Reads a whole HTTP/1.1 answer.
 *
 * @param text the answer up to the connection's end, a character for each byte
 * @returns the answer
 * @throws {TypeError} where it is no answer, or not whole
 *
 * @example
 * ```ts
 * import { readResponse } from "./channel_fetch.ts";
 * import assert from "node:assert/strict";
 *
 * const response = readResponse("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
 * assert.deepEqual([response.status, await response.text()], [200, "{}"]);
 * ```
 */
export function readResponse(text: string): Response {
  const end = text.indexOf("\r\n\r\n");
  const [first = "", ...lines] = text.slice(0, Math.max(0, end)).split("\r\n");
  const status = Number(/^HTTP\/1\.[01] ([2-5]\d\d)(?: |$)/.exec(first)?.[1]);
  if (Number.isNaN(status)) throw new TypeError("connection closed: Incomplete head");
  const headers = new Headers(lines.map((line): [string, string] => {
    const [, name = "", value = ""] = /^([^\s:]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    return [name, value];
  }));
  const rest = text.slice(end + 4);
  const length = headers.get("content-length");
  const chunked = headers.get("transfer-encoding")?.toLowerCase() === "chunked";
  const body = chunked ? unchunk(rest) : length === null ? rest : rest.slice(0, Number(length));
  if (length !== null && !chunked && body.length < Number(length)) {
    throw new TypeError("connection closed: Incomplete body");
  }
  const bytes = Uint8Array.from(body, (unit) => unit.charCodeAt(0));
  return new Response(status === 204 || status === 304 ? null : bytes, { status, headers });
}

async function readAll(channel: Channel): Promise<string> {
  let text = "";
  for (let part = await channel.read(); part !== null; part = await channel.read()) {
    text += latin1(part);
    if (text.length > MOST) throw new TypeError(`an answer of more than ${MOST} bytes`);
  }
  return text;
}

/**
 * Sends a request over a connection of its own, to a server whose certificate is for another name than the URL has: `fetch` of Deno
 * cannot tell the name. No proxy is used.
 *
 * @param request an https request with a short body
 * @param network the roots to trust, and the name
 * @param sockets makes the connection
 * @returns the answer, read to its end
 * @throws the runtime's own error where there is no connection, `TypeError` for what is no answer
 */
export async function fetchByChannel(request: Request, network: Network, sockets: Sockets): Promise<Response> {
  const url = new URL(request.url);
  const port = url.port === "" ? 443 : Number(url.port);
  const hostname = url.hostname.replace(/^\[|\]$/g, "");
  const channel = await sockets.connect({ hostname, port }, { ...network, tls: true, timeoutMs: CONNECT_MS });
  const end = (): void => channel.close();
  request.signal.addEventListener("abort", end);
  try {
    request.signal.throwIfAborted();
    const body = new Uint8Array(await request.arrayBuffer());
    const head = [
      `${request.method} ${url.pathname}${url.search} HTTP/1.1`,
      `host: ${url.host}`,
      ...[...request.headers].filter(([name]) => name !== "content-length").map(([name, value]) => `${name}: ${value}`),
      `content-length: ${body.length}`,
      "connection: close",
      "\r\n",
    ].join("\r\n");
    await channel.write(new TextEncoder().encode(head));
    if (body.length > 0) await channel.write(body);
    return readResponse(await readAll(channel));
  } finally {
    request.signal.removeEventListener("abort", end);
    channel.close();
  }
}
