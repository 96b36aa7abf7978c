import { textOf } from "../../support/heads.ts";
import type { Pair } from "../../support/tls.ts";
import { type Wire, wireOf } from "./wire.ts";

/** A request as the tracking server sees it. */
export interface Asked {
  /** Its first line and fields, as they came, without the empty line. */
  readonly head: string;
  readonly path: string;
  /** The rest of the connection: its body, and where the answer goes. */
  readonly wire: Wire;
  /** How many requests this connection has brought, this one included. */
  readonly turn: number;
}

/** Answers a request; gives true where the connection may bring another. */
export type Handler = (asked: Asked) => Promise<boolean>;

/** A tracking server that a test scripts. */
export interface Upstream extends Disposable {
  readonly port: number;
  /** Sets who answers requests for a path, without its query. */
  readonly on: (path: string, handler: Handler) => void;
  /** First line and fields of each request that came, in order. */
  readonly heads: readonly string[];
  /** The token that is accepted; without one, all are. */
  accepts: string | undefined;
}

/** A field of a head, as it came. */
export function fieldOf(head: string, name: string): string | undefined {
  return new RegExp(`^${name}: ?(.*)$`, "im").exec(head.replaceAll("\r", ""))?.[1];
}

/** Reads a body of a known length, or one in chunks as it came. */
export async function bodyOf({ head, wire }: Asked): Promise<string> {
  if (/^transfer-encoding: chunked$/im.test(head.replaceAll("\r", ""))) {
    const text = await wire.hear("0\r\n\r\n");
    return text;
  }
  const length = Number(fieldOf(head, "content-length") ?? 0);
  let text = "";
  while (text.length < length) {
    const bytes = await wire.read();
    if (bytes === null) return text;
    text += textOf(bytes);
  }
  wire.unhear(text.slice(length));
  return text.slice(0, length);
}

/** What the server answers where nothing else is said. */
export const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
export const REFUSED =
  'HTTP/1.1 401 UNAUTHORIZED\r\nContent-Length: 4\r\nWWW-Authenticate: Basic realm="mlflow"\r\n\r\nnope';

const usual: Handler = async (asked) => {
  await bodyOf(asked);
  await asked.wire.say(OK);
  return true;
};

/**
 * Starts a tracking server.
 *
 * @param certificate what it shows over TLS; none is plain http
 * @returns the server
 */
export function startUpstream(certificate?: Pair): Upstream {
  const listener = certificate === undefined ? Deno.listen({ hostname: "127.0.0.1", port: 0 }) : Deno.listenTls({
    ...{ hostname: "127.0.0.1", port: 0, cert: certificate.certificate, key: certificate.key },
    alpnProtocols: ["h2", "http/1.1"],
  });
  const handlers = new Map<string, Handler>();
  const heads: string[] = [];
  const server = { accepts: undefined as string | undefined };
  const serve = async (wire: Wire): Promise<void> => {
    using own = wire;
    for (let turn = 1;; turn++) {
      const text = await own.hear("\r\n\r\n");
      const end = text.indexOf("\r\n\r\n");
      if (end < 0) return;
      const head = text.slice(0, end);
      own.unhear(text.slice(end + 4));
      heads.push(head);
      const path = (head.split(" ")[1] ?? "").split("?")[0] ?? "";
      const asked = { head, path, wire: own, turn };
      const refused = server.accepts !== undefined && fieldOf(head, "authorization") !== `Bearer ${server.accepts}`;
      if (refused && !handlers.has(path)) {
        await bodyOf(asked);
        await own.say(REFUSED);
        continue;
      }
      if (!await (handlers.get(path) ?? usual)(asked)) return;
    }
  };
  const accept = async (): Promise<void> => {
    for await (const conn of listener) serve(wireOf(conn)).catch(() => {});
  };
  accept().catch(() => {});
  let closed = false;
  return {
    port: listener.addr.port,
    on: (path, handler) => void handlers.set(path, handler),
    heads,
    get accepts() {
      return server.accepts;
    },
    set accepts(token) {
      server.accepts = token;
    },
    [Symbol.dispose]: () => {
      if (closed) return;
      closed = true;
      listener.close();
    },
  };
}
