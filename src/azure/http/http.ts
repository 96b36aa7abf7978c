import type { Countdown } from "../../core/countdown.ts";
import type { Host, Network } from "../../core/host.ts";
import type { Log } from "../../core/log.ts";
import { type HttpRequest, type HttpResponse, isResponse } from "./message.ts";
import type { NetworkFailure } from "./network_failure.ts";
import { draw, pauseBefore, retryAfterMs } from "./retries.ts";
import { asksTheSame } from "./same_request.ts";
import { describe, sendOnce } from "./send_once.ts";

/** A host that answers "not now", and has not answered otherwise since. */
export interface Busy {
  readonly host: string;
  readonly status: number;
  /** Milliseconds that it asked to wait; `undefined` where it did not say. */
  readonly retryAfterMs: number | undefined;
}

/** Sends requests to Azure, again where that may help, and remembers what the answers tell about the way there. */
export interface AzureHttp {
  /** Settles with the last answer, of any status, or with the reason why there is none. */
  readonly send: (request: HttpRequest) => Promise<HttpResponse | NetworkFailure>;
  /** Sends a request before its turn; the next {@link AzureHttp.send} that {@link asksTheSame} takes its answer, once. */
  readonly sendAhead: (request: HttpRequest) => void;
  /** The last request that got no answer, or a web page in its place, if its host has not answered since. */
  readonly lastFailure: () => NetworkFailure | undefined;
  /** The host that said last that it is asked too often, or that it is not ready; also once it was ready, if the time is up by then. */
  readonly busy: () => Busy | undefined;
  /** The host whose answer has been waited for longest. */
  readonly waitingFor: () => string | undefined;
  /** How far this machine's clock is ahead of Azure's, in milliseconds, by the last `Date` header. */
  readonly skewMs: () => number | undefined;
}

/** What {@link azureHttp} is made of. */
export interface HttpParts {
  readonly host: Pick<Host, "fetch" | "now" | "after" | "sleep" | "workedMs" | "randomHex">;
  readonly network: Network;
  readonly log: Log;
  /** Ends every request: the deadline of all of them, or the user who does not want to wait. */
  readonly signal: AbortSignal;
  /** Milliseconds that are left until then. */
  readonly leftMs: Countdown["leftMs"];
}

/** Sends a request until there is an answer to go on with, or no sense in asking again. */
async function sendPatiently(
  request: HttpRequest,
  parts: HttpParts & {
    readonly url: URL;
    readonly note: (seen: HttpResponse | NetworkFailure) => void;
    readonly paused: (ms: number) => void;
  },
): Promise<HttpResponse | NetworkFailure> {
  const { host, log, signal, leftMs, url, note, paused } = parts;
  let seen: HttpResponse | NetworkFailure | undefined;
  for (let before = 0;; before++) {
    const last = await sendOnce(request, parts);
    // Where time was up in the middle of one more try, what came of the one before it is the cause; it was noted.
    if (seen !== undefined && !isResponse(last) && last.kind === "deadline") return seen;
    seen = last;
    note(seen);
    const moment = { url, before, leftMs: leftMs(), nowMs: host.now(), random: draw(host) };
    const pauseMs = pauseBefore(seen, moment);
    if (pauseMs === undefined || signal.aborted || request.signal?.aborted === true) return seen;
    log.debug(() => `${describe(request, url)} again in ${Math.round(pauseMs)} ms`);
    await host.sleep(pauseMs, signal);
    paused(pauseMs);
    if (signal.aborted) return seen;
  }
}

/**
 * Makes the one HTTP client for Entra ID, Key Vault and managed identity endpoints.
 *
 * @param parts the world, the roots to trust, where debug lines go and what ends everything
 * @returns the client; it follows no redirect, and asks again only where that may help ({@link pauseBefore})
 *
 * @example
 * ```ts
 * import { azureHttp } from "./http.ts";
 * import { fakeHost } from "../../../tests/support/host.ts";
 * import { makeLog } from "../../core/log.ts";
 * import assert from "node:assert/strict";
 *
 * const lines: string[] = [];
 * const http = azureHttp({
 *   host: fakeHost({ fetch: () => Promise.resolve(new Response("hello")), now: () => 0 }),
 *   network: {},
 *   log: makeLog("DEBUG", (line) => lines.push(line)),
 *   signal: new AbortController().signal,
 *   leftMs: () => 15_000,
 * });
 * await http.send({ method: "GET", url: "https://team.vault.azure.net/secrets/a?api-version=7.6", headers: {} });
 * assert.deepEqual(lines, [
 *   "mlflow-auth: debug: GET https://team.vault.azure.net/secrets/a?api-version=… 200 0 ms",
 * ]);
 * ```
 */
export function azureHttp(parts: HttpParts): AzureHttp {
  let last: NetworkFailure | undefined;
  let busy: Busy | undefined;
  let wasBusy: Busy | undefined;
  let pausedMs = 0;
  const startedMs = parts.host.workedMs();
  let skewMs: number | undefined;
  const waiting = new Set<URL>();
  const ahead: { readonly request: HttpRequest; readonly result: Promise<HttpResponse | NetworkFailure> }[] = [];

  const note = (seen: HttpResponse | NetworkFailure, url: URL): void => {
    if (!isResponse(seen)) {
      // Once time is up every further request fails for that reason; the one before it is the cause.
      if (seen.kind !== "deadline" || last === undefined) last = seen;
      return;
    }
    const { status, headers } = seen;
    if (status >= 300 && headers.get("content-type")?.startsWith("text/html")) {
      // Azure answers in JSON: a page is somebody else's.
      last = { kind: "proxy", host: url.host };
    } else if (last?.host === url.host) last = undefined;
    const nowMs = parts.host.now();
    if (status === 429 || status === 410 || status >= 500) {
      busy = { host: url.host, status, retryAfterMs: retryAfterMs(headers, nowMs) };
      wasBusy = busy;
    } else if (busy?.host === url.host) busy = undefined;
    const date = Date.parse(headers.get("date") ?? "");
    if (!Number.isNaN(date)) skewMs = nowMs - date;
  };
  const send = async (request: HttpRequest): Promise<HttpResponse | NetworkFailure> => {
    const url = new URL(request.url);
    waiting.add(url);
    try {
      return await sendPatiently(request, {
        ...parts,
        url,
        note: (seen) => note(seen, url),
        paused: (ms) => pausedMs += ms,
      });
    } finally {
      waiting.delete(url);
    }
  };
  return {
    send: (request) => {
      const at = ahead.findIndex((early) => asksTheSame(early.request, request));
      const [early] = at === -1 ? [] : ahead.splice(at, 1);
      return early?.result ?? send(request);
    },
    sendAhead: (request) => void ahead.push({ request, result: send(request) }),
    lastFailure: () => last,
    busy: () => {
      // Who made this wait for most of the time is why there was none left for the others.
      const most = pausedMs > (parts.host.workedMs() - startedMs) / 2;
      return busy ?? (parts.leftMs() === 0 && most ? wasBusy : undefined);
    },
    waitingFor: () => [...waiting][0]?.host,
    skewMs: () => skewMs,
  };
}
