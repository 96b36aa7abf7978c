import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { azure } from "./azure.ts";
import type { Service } from "./faults.ts";
import type { Keys } from "./managed_identity.ts";
import type { Pair } from "../tls.ts";
import type { World } from "./world.ts";

/** A request that arrived, in the order of arrival. */
export interface Logged {
  readonly service: Service;
  readonly method: string;
  /** The name under which it was asked for, with its port unless that is the usual one. */
  readonly host: string;
  /** Without the query. */
  readonly path: string;
  /** Names of the query's parameters, in order. */
  readonly query: readonly string[];
  /** Requests that were open when this one arrived. */
  readonly besides: number;
  readonly startedMs: number;
  /** When the answer was written; `undefined` while it is not, or when the connection broke. */
  readonly endedMs: number | undefined;
  readonly status: number | undefined;
}

/** A port of the stand-in. */
export interface Port {
  readonly port: number;
  readonly close: () => Promise<void>;
}

interface Serving {
  readonly log: Logged[];
  readonly keys: Keys;
  /** The certificate to show; without one the port speaks plain http. */
  readonly pair?: Pair;
  /** The address and port to listen at; by default a free port of loopback. */
  readonly at?: { readonly address: string; readonly port: number } | undefined;
}

/**
 * Opens a port on which Azure answers.
 *
 * @param world what Azure knows
 * @param serving the log to write to, where Arc's keys go, the certificate, and where to listen
 * @returns the port; close it at the end
 */
export async function serve(world: World, { log, keys, pair, at }: Serving): Promise<Port> {
  const scheme = pair === undefined ? "http" : "https";
  const handle = (message: IncomingMessage, answer: ServerResponse) => {
    respond(world, { message, answer, scheme, log, keys }).catch(() => message.socket.destroy());
  };
  const server: Server = pair === undefined
    ? createServer(handle)
    : createTlsServer({ cert: pair.certificate, key: pair.key }, handle);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(at?.port ?? 0, at?.address ?? "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The port has no number");
  return {
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Exchange {
  readonly message: IncomingMessage;
  readonly answer: ServerResponse;
  readonly scheme: "http" | "https";
  readonly log: Logged[];
  readonly keys: Keys;
}

async function respond(world: World, { message, answer, scheme, log, keys }: Exchange): Promise<void> {
  const url = new URL(message.url ?? "/", `${scheme}://${message.headers.host ?? "localhost"}`);
  const at = log.push({
    service: "unknown",
    method: message.method ?? "GET",
    host: url.host,
    path: url.pathname,
    query: [...url.searchParams.keys()],
    besides: log.filter(({ endedMs }) => endedMs === undefined).length,
    startedMs: Date.now(),
    endedMs: undefined,
    status: undefined,
  }) - 1;
  const note = (more: Partial<Logged>) => log.splice(at, 1, { ...log[at]!, ...more });
  answer.once("close", () => {
    if (log[at]?.endedMs === undefined) note({ endedMs: Date.now() });
  });
  const request = new Request(url, await requestInit(message));
  const nowMs = Date.now() + world.clockOffsetMs;
  const { response, service, faults } = await azure(world, request, { nowMs, keys });
  note({ service });
  for (const fault of faults) {
    if (fault.kind === "hang") return;
    if (fault.kind === "dribble") return dribble(answer);
    if (fault.kind === "delay") await new Promise((resolve) => setTimeout(resolve, fault.ms));
    if (fault.kind === "reset") {
      note({ endedMs: Date.now() });
      message.socket.destroy();
      return;
    }
  }
  const offsetMs = faults.reduce((sum, fault) => fault.kind === "date" ? sum + fault.offsetMs : sum, 0);
  const body = new Uint8Array(await response.arrayBuffer());
  response.headers.forEach((value, name) => answer.setHeader(name, value));
  answer.setHeader("date", new Date(nowMs + offsetMs).toUTCString());
  answer.setHeader("content-length", String(body.length));
  note({ status: response.status, endedMs: Date.now() });
  if (faults.some(({ kind }) => kind === "truncate")) {
    answer.writeHead(response.status);
    answer.write(body.subarray(0, body.length >> 1), () => message.socket.destroy());
    return;
  }
  answer.writeHead(response.status).end(body);
}

function dribble(answer: ServerResponse): void {
  answer.writeHead(200, { "content-type": "application/json" });
  const timer = setInterval(() => void answer.write(" "), 1000);
  answer.once("close", () => clearInterval(timer));
}

async function requestInit(message: IncomingMessage): Promise<RequestInit> {
  const headers = new Headers();
  for (let at = 0; at + 1 < message.rawHeaders.length; at += 2) {
    headers.append(message.rawHeaders[at] ?? "", message.rawHeaders[at + 1] ?? "");
  }
  const method = message.method ?? "GET";
  const chunks: Uint8Array[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return method === "GET" || method === "HEAD"
    ? { method, headers }
    : { method, headers, body: await new Blob(chunks.map((chunk) => new Uint8Array(chunk))).text() };
}
