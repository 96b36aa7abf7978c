import { Buffer } from "node:buffer";
import { bracketed } from "../../core/host_name.ts";
import type { Address, Channel, Way } from "../../core/sockets.ts";

/** Most that a proxy may answer to CONNECT. */
const MAX_ANSWER_BYTES = 16 * 1024;

/**
 * Asks a proxy for a tunnel (RFC 9110, section 9.3.6).
 *
 * @param channel the connection to the proxy
 * @param to where the tunnel is to lead
 * @param authorization value of `Proxy-Authorization`, where the proxy wants one
 * @throws {Error} whose message names the proxy's status, and nothing that it said
 */
export async function askForTunnel(
  channel: Pick<Channel, "read" | "write">,
  { to, authorization }: { readonly to: Address } & Pick<NonNullable<Way["proxy"]>, "authorization">,
): Promise<void> {
  const authority = `${bracketed(to.hostname)}:${to.port}`;
  const credential = authorization === undefined ? "" : `Proxy-Authorization: ${authorization}\r\n`;
  const request = `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${credential}\r\n`;
  await channel.write(Buffer.from(request, "latin1"));
  let answer = "";
  while (!answer.includes("\r\n\r\n")) {
    const bytes = await channel.read();
    if (bytes === null || answer.length > MAX_ANSWER_BYTES) throw new Error("the proxy gave no answer to CONNECT");
    answer += Buffer.from(bytes).toString("latin1");
  }
  const status = Number(/^HTTP\/1\.[01] (\d{3})\b/.exec(answer)?.[1] ?? 0);
  if (status < 200 || status > 299) throw new Error(`the proxy answered ${status} to CONNECT`);
  // A server that speaks first would speak TLS, in which the client does.
  if (!answer.endsWith("\r\n\r\n")) throw new Error("the proxy sent more than an answer to CONNECT");
}
