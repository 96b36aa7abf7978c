import type { Host, Network } from "../../core/host.ts";
import type { Log } from "../../core/log.ts";
import type { Secret } from "../../core/secret.ts";
import { probeFailure } from "./probe_failure.ts";
import { within } from "../within.ts";

/** What a tracking server is asked; reading alone, so that nothing is changed there. */
export const PROBES = {
  /** Public, and exempt from the check of the Host header. */
  health: "/health",
  /** Open to any user that the server knows; without `max_results` it is refused. */
  search: "/api/2.0/mlflow/experiments/search?max_results=1",
  version: "/version",
  /** Since MLflow 3.13, where an authentication app runs. */
  user: "/api/2.0/mlflow/users/current",
  artifacts: "/api/2.0/mlflow-artifacts/artifacts?path=",
} as const;

/** One of {@link PROBES}. */
export type ProbeName = keyof typeof PROBES;

/** The credential's header. */
export interface SignedHeader {
  readonly name: string;
  readonly value: Secret;
}

/** What an answer shows, as far as a verdict needs it. The text never goes into a message. */
export interface Answer {
  readonly status: number;
  /** Media type without parameters, in lower case. */
  readonly type: string;
  readonly text: string;
  /** Host that a redirect leads to. */
  readonly redirectHost: string | undefined;
  /** Scheme of the challenge, in lower case: `basic`, `bearer`. */
  readonly challenge: string | undefined;
}

const TIMEOUT_MS = 10_000;
const MAX_TEXT_BYTES = 64 * 1024;

/**
 * Makes the request of a probe.
 *
 * @param base the tracking server's URL; its path is kept, its user name, password, query and fragment are not sent
 * @param options the probe, and the credential's header where it is to be signed
 * @returns a GET request that follows no redirect
 *
 * @example
 * ```ts
 * import { probeRequest } from "./probe.ts";
 * import assert from "node:assert/strict";
 *
 * const request = probeRequest(new URL("https://ada:x@mlflow.example/team/"), { probe: "health" });
 * assert.equal(request.url, "https://mlflow.example/team/health");
 * assert.equal(request.redirect, "manual");
 * ```
 */
export function probeRequest(
  base: URL,
  options: { readonly probe: ProbeName; readonly header?: SignedHeader | undefined; readonly signal?: AbortSignal },
): Request {
  const { probe, header, signal } = options;
  const headers = new Headers({ accept: "application/json, text/plain, */*" });
  if (header !== undefined) headers.set(header.name, header.value.reveal());
  const url = `${base.origin}${base.pathname.replace(/\/+$/, "")}${PROBES[probe]}`;
  return new Request(url, { headers, redirect: "manual", ...(signal === undefined ? {} : { signal }) });
}

/**
 * Reads the answer to a probe: at most 64 KiB of it, which is enough to tell MLflow from anything else.
 *
 * @param response what came back
 * @param base the URL that was asked
 * @returns what a verdict needs
 *
 * @example
 * ```ts
 * import { readAnswer } from "./probe.ts";
 * import assert from "node:assert/strict";
 *
 * const response = new Response("You are not authenticated.", {
 *   status: 401,
 *   headers: { "content-type": "text/html; charset=utf-8", "www-authenticate": 'Basic realm="mlflow"' },
 * });
 * assert.deepEqual(await readAnswer(response, new URL("https://mlflow.example")), {
 *   status: 401,
 *   type: "text/html",
 *   text: "You are not authenticated.",
 *   redirectHost: undefined,
 *   challenge: "basic",
 * });
 * ```
 */
export async function readAnswer(response: Response, base: URL): Promise<Answer> {
  const { status, headers } = response;
  const location = headers.get("location");
  const isRedirect = status >= 300 && status < 400 && location !== null && URL.canParse(location, base);
  return {
    status,
    type: (headers.get("content-type") ?? "").replace(/;.*$/s, "").trim().toLowerCase(),
    text: await readStart(response),
    redirectHost: isRedirect ? new URL(location, base).host : undefined,
    challenge: /^\s*([a-z]+)/i.exec(headers.get("www-authenticate") ?? "")?.[1]?.toLowerCase(),
  };
}

async function readStart(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (let bytes = 0; reader !== undefined && bytes < MAX_TEXT_BYTES;) {
    const { done, value } = await reader.read();
    if (done) return text;
    bytes += value.length;
    text += decoder.decode(value, { stream: true });
  }
  await reader?.cancel();
  return text;
}

/**
 * Asks a tracking server one thing, once, within 10 s.
 *
 * @param base the tracking server's URL
 * @param options the probe, the host, how to send, a log, and the header of a signed probe
 * @returns the answer
 * @throws {AuthError} `mlflow-unreachable`, `network-proxy` or one of `tls-…`, when there is none
 *
 * @example
 * ```ts
 * import { ask } from "./probe.ts";
 * import { makeLog } from "../../core/log.ts";
 * import assert from "node:assert/strict";
 *
 * const lines: string[] = [];
 * const log = makeLog("DEBUG", (line) => lines.push(line));
 * const host = { fetch: () => Promise.resolve(new Response("OK")), sleep: () => new Promise<void>(() => {}), now: () => 0 };
 * const answer = await ask(new URL("https://mlflow.example"), { probe: "health", host, network: {}, log });
 * assert.equal(answer.text, "OK");
 * assert.deepEqual(lines, ["mlflow-auth: debug: GET https://mlflow.example/health 200 0 ms"]);
 * ```
 */
export async function ask(
  base: URL,
  options: {
    readonly probe: ProbeName;
    readonly host: Pick<Host, "fetch" | "sleep" | "now">;
    readonly network: Network;
    readonly log: Log;
    readonly header?: SignedHeader | undefined;
  },
): Promise<Answer> {
  const { host, network, log, probe } = options;
  const startedMs = host.now();
  const debug = (end: string | number): void => {
    const path = `${base.pathname.replace(/\/+$/, "")}${PROBES[probe].replace(/=.*/, "=…")}`;
    const signed = options.header === undefined ? "" : " signed";
    log.debug(`GET ${base.origin}${path}${signed} ${end} ${host.now() - startedMs} ms`);
  };
  try {
    const answer = await within(TIMEOUT_MS, {
      host,
      work: async (signal) =>
        await readAnswer(await host.fetch(probeRequest(base, { ...options, signal }), network), base),
    });
    debug(answer.status);
    return answer;
  } catch (cause) {
    const failure = probeFailure(cause, base);
    debug(`no answer (${failure.code})`);
    throw failure;
  }
}
