import { startCountdown } from "../../core/countdown.ts";
import type { Host, Network } from "../../core/host.ts";
import type { Log } from "../../core/log.ts";
import type { HttpRequest, HttpResponse } from "./message.ts";
import { classifyNetworkFailure, type NetworkFailure, proxied } from "./network_failure.ts";
import { readBody } from "./read_body.ts";

const ID_OR_REGION = /^[0-9a-f-]{1,64}$|^[a-z]{2,20}[0-9]?$/i;
/** Milliseconds that one request may take. */
export const REQUEST_TIMEOUT_MS = 5_000;

/**
 * A request as the log has it: without what a query's names are set to.
 *
 * @param request the request
 * @param url its URL
 * @returns such as `GET https://team.vault.azure.net/secrets/a?api-version=…`
 */
export function describe({ method }: HttpRequest, url: URL): string {
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

/** What {@link sendOnce} works with. */
export interface OnceParts {
  readonly host: Pick<Host, "fetch" | "now" | "after" | "workedMs">;
  readonly network: Network;
  readonly log: Log;
  /** Ends the request. */
  readonly signal: AbortSignal;
  /** The request's. */
  readonly url: URL;
}

/**
 * Sends a request once.
 *
 * @param request the request
 * @param parts the world, and what ends it
 * @returns the answer read to its end, or the reason why there is none
 */
export async function sendOnce(
  request: HttpRequest,
  parts: OnceParts,
): Promise<HttpResponse | NetworkFailure> {
  const { host, log, signal, url } = parts;
  const network = request.network ?? parts.network;
  const plain = url.protocol === "http:" ? { scheme: "http" as const } : {};
  const { unreadRoots, ownRoots } = network;
  const roots = unreadRoots === undefined ? {} : { unreadRoots, ...(ownRoots === true ? { ownRoots } : {}) };
  const stops = [...new Set([signal, request.signal ?? signal])];
  const late = startCountdown(request.timeoutMs ?? REQUEST_TIMEOUT_MS, host);
  const startedAt = host.now();
  try {
    const response = await host.fetch(webRequestOf(request, AbortSignal.any([late.signal, ...stops])), network);
    const body = await readBody(response);
    if (body === undefined) return { kind: "too-large", host: url.host, ...plain };
    const { status, headers } = response;
    const tookMs = host.now() - startedAt;
    log.debug(() => {
      const ids = ["x-ms-request-id", "x-ms-keyvault-region"].flatMap((header) =>
        ID_OR_REGION.exec(headers.get(header) ?? "")?.[0] ?? []
      );
      return [describe(request, url), status, `${tookMs} ms`, ...ids].join(" ");
    });
    return { status, headers, body };
  } catch (error) {
    const failure: NetworkFailure = stops.some((stop) => stop.aborted)
      ? { kind: "deadline", host: url.host, ...plain }
      : late.signal.aborted
      ? { kind: "timeout", host: url.host, ...plain, ...proxied(error) }
      : { ...classifyNetworkFailure(error, url.host), ...plain, ...roots };
    log.debug(() => `${describe(request, url)} no answer (${failure.kind}) ${host.now() - startedAt} ms`);
    return failure;
  } finally {
    late.stop();
  }
}
