import type { Host, Network } from "../../core/host.ts";
import type { Log } from "../../core/log.ts";
import { classifyNetworkFailure, type NetworkFailure } from "./network_failure.ts";

/** A request to Azure, whole. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds it may take; 5 s by default. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** What came back, read to its end. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** Sends requests to Azure, and remembers what the answers tell about the way there. */
export interface AzureHttp {
  /** Settles with an answer of any status, or with the reason why there is none. */
  readonly send: (request: HttpRequest) => Promise<HttpResponse | NetworkFailure>;
  /** Sends a GET before its turn; the next {@link AzureHttp.send} for the same URL without a token takes its answer, once. */
  readonly sendAhead: (request: HttpRequest) => void;
  /** The last request that got no answer, or a web page in its place, if its host has not answered since. */
  readonly lastFailure: () => NetworkFailure | undefined;
  /** How far this machine's clock is ahead of Azure's, in milliseconds, by the last `Date` header. */
  readonly skewMs: () => number | undefined;
}

/** Milliseconds that one request may take. */
export const REQUEST_TIMEOUT_MS = 5_000;

/** What {@link azureHttp} is made of. */
export interface HttpParts {
  readonly host: Pick<Host, "fetch" | "now" | "after">;
  readonly network: Network;
  readonly log: Log;
  /** Ends every request: the deadline of all of them, or the user who does not want to wait. */
  readonly signal: AbortSignal;
}

/**
 * Tells an answer from a reason why there is none.
 *
 * @param result what {@link AzureHttp.send} gave
 * @returns true if there was an answer
 */
export function isResponse(result: HttpResponse | NetworkFailure): result is HttpResponse {
  return "status" in result;
}

function describe({ method }: HttpRequest, url: URL): string {
  const names = [...new Set(url.searchParams.keys())];
  const query = names.length === 0 ? "" : `?${names.map((name) => `${name}=…`).join("&")}`;
  return `${method} ${url.origin}${url.pathname}${query}`;
}

function webRequestOf(request: HttpRequest, signal: AbortSignal): Request {
  // With `Accept-Encoding` Deno hands over the compressed bytes.
  const headers = Object.entries(request.headers).filter(([name]) => name.toLowerCase() !== "accept-encoding");
  return new Request(request.url, {
    method: request.method,
    headers,
    redirect: "manual",
    signal,
    ...(request.body === undefined ? {} : { body: request.body }),
  });
}

async function sendOnce(
  request: HttpRequest,
  parts: HttpParts & { readonly url: URL },
): Promise<HttpResponse | NetworkFailure> {
  const { host, network, log, signal, url } = parts;
  const late = new AbortController();
  const stops = [...new Set([signal, request.signal ?? signal])];
  const timeoutMs = request.timeoutMs ?? REQUEST_TIMEOUT_MS;
  const callOff = host.after(timeoutMs, () => late.abort());
  const startedAt = host.now();
  try {
    const response = await host.fetch(webRequestOf(request, AbortSignal.any([late.signal, ...stops])), network);
    const body = await response.text();
    const { status, headers } = response;
    const tookMs = host.now() - startedAt;
    log.debug(() => {
      const ids = ["x-ms-request-id", "x-ms-keyvault-region"].flatMap((header) => headers.get(header) ?? []);
      return [describe(request, url), status, `${tookMs} ms`, ...ids].join(" ");
    });
    return { status, headers, body };
  } catch (error) {
    const failure: NetworkFailure = stops.some((stop) => stop.aborted)
      ? { kind: "deadline", host: url.host }
      : late.signal.aborted
      ? { kind: "timeout", host: url.host }
      : classifyNetworkFailure(error, url.host);
    log.debug(() => `${describe(request, url)} no answer (${failure.kind}) ${host.now() - startedAt} ms`);
    return failure;
  } finally {
    callOff();
  }
}

/**
 * Makes the one HTTP client for Entra ID, Key Vault and managed identity endpoints.
 *
 * @param parts the world, the roots to trust, where debug lines go and what ends everything
 * @returns the client; it follows no redirect and retries nothing
 *
 * @example
 * ```ts
 * import { azureHttp } from "./http.ts";
 * import { makeLog } from "../../core/log.ts";
 * import assert from "node:assert/strict";
 *
 * const lines: string[] = [];
 * const http = azureHttp({
 *   host: { fetch: () => Promise.resolve(new Response("hello")), now: () => 0, after: () => () => {} },
 *   network: {},
 *   log: makeLog("DEBUG", (line) => lines.push(line)),
 *   signal: new AbortController().signal,
 * });
 * await http.send({ method: "GET", url: "https://team.vault.azure.net/secrets/a?api-version=7.6", headers: {} });
 * assert.deepEqual(lines, [
 *   "mlflow-auth: debug: GET https://team.vault.azure.net/secrets/a?api-version=… 200 0 ms",
 * ]);
 * ```
 */
export function azureHttp(parts: HttpParts): AzureHttp {
  let last: NetworkFailure | undefined;
  let skewMs: number | undefined;
  let ahead: { readonly url: string; readonly result: Promise<HttpResponse | NetworkFailure> } | undefined;

  const send = async (request: HttpRequest): Promise<HttpResponse | NetworkFailure> => {
    const url = new URL(request.url);
    const result = await sendOnce(request, { ...parts, url });
    if (!isResponse(result)) {
      // Once time is up every further request fails for that reason; the one before it is the cause.
      if (result.kind !== "deadline" || last === undefined) last = result;
      return result;
    }
    if (result.status >= 300 && result.headers.get("content-type")?.startsWith("text/html")) {
      // Azure answers in JSON: a page is somebody else's.
      last = { kind: "proxy", host: url.host };
    } else if (last?.host === url.host) last = undefined;
    const date = Date.parse(result.headers.get("date") ?? "");
    if (!Number.isNaN(date)) skewMs = parts.host.now() - date;
    return result;
  };
  return {
    send: (request) => {
      const early = ahead;
      const fits = early?.url === request.url && request.method === "GET" &&
        !Object.keys(request.headers).some((name) => name.toLowerCase() === "authorization");
      if (early === undefined || !fits) return send(request);
      ahead = undefined;
      return early.result;
    },
    sendAhead: (request) => {
      ahead = { url: request.url, result: send(request) };
    },
    lastFailure: () => last,
    skewMs: () => skewMs,
  };
}
