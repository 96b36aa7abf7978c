import type { Host } from "../../core/host.ts";
import type { Network } from "../../core/network.ts";
import type { Log } from "../../core/log.ts";
import type { Secret } from "../../core/secret.ts";
import { within } from "../within.ts";
import { type Answer, readAnswer } from "./answer.ts";
import { probeFailure } from "./probe_failure.ts";

/** One thing that a tracking server is asked. */
interface ProbeRow {
  readonly path: string;
  /** Sent as JSON by POST; nothing is changed by it. */
  readonly body?: string;
  /** Milliseconds that it may take. A search is what everything rests on: MLflow's client waits 120 s for it. */
  readonly limitMs: number;
}

/** What a tracking server is asked, as MLflow's Python client asks it; reading alone, so that nothing is changed there. */
export const PROBES = {
  /** Public, and exempt from the check of the Host header. */
  health: { path: "/health", limitMs: 10_000 },
  /** Open to any user that the server knows. */
  search: {
    path: "/api/2.0/mlflow/experiments/search",
    body: '{"max_results": 1, "view_type": "ACTIVE_ONLY"}',
    limitMs: 25_000,
  },
  version: { path: "/version", limitMs: 3_000 },
  /** Since MLflow 3.13, where an authentication app runs. */
  user: { path: "/api/2.0/mlflow/users/current", limitMs: 3_000 },
  artifacts: { path: "/api/2.0/mlflow-artifacts/artifacts?path=", limitMs: 3_000 },
  /** What the client asks first where a workspace is named. */
  serverInfo: { path: "/api/3.0/mlflow/server-info", limitMs: 10_000 },
} as const satisfies Readonly<Record<string, ProbeRow>>;

/** One of {@link PROBES}. */
export type ProbeName = keyof typeof PROBES;

/** The client that doctor stands for: what gates see of it. */
const CLIENT = "3.17.2";

/** The credential's header. */
export interface SignedHeader {
  readonly name: string;
  readonly value: Secret;
}

/** What is asked, and how. */
export interface ProbeOptions {
  readonly probe: ProbeName;
  readonly header?: SignedHeader | undefined;
  /** Value of `MLFLOW_WORKSPACE`. */
  readonly workspace?: string | undefined;
  readonly signal?: AbortSignal;
}

/**
 * Makes the request of a probe, with the headers of MLflow's Python client.
 *
 * @param base the tracking server's address, without a slash at its end; its user name and password are not sent
 * @param options the probe, and the credential's header where it is to be signed
 * @returns a request that follows no redirect
 *
 * @example
 * ```ts
 * import { probeRequest } from "./probe.ts";
 * import assert from "node:assert/strict";
 *
 * const request = probeRequest(new URL("https://ada:x@mlflow.example/team"), { probe: "health" });
 * assert.equal(request.url, "https://mlflow.example/team/health");
 * assert.equal(request.headers.get("accept"), "*\/*");
 * ```
 */
export function probeRequest(base: URL, options: ProbeOptions): Request {
  const { probe, header, workspace, signal } = options;
  const row: ProbeRow = PROBES[probe];
  // oauth2-proxy and others answer by `Accept`, firewalls by `User-Agent`.
  const headers = new Headers({
    "accept": "*/*",
    "accept-encoding": "gzip, deflate",
    "user-agent": `mlflow-python-client/${CLIENT}`,
    "x-mlflow-client-version": CLIENT,
  });
  if (row.body !== undefined) headers.set("content-type", "application/json");
  if (workspace !== undefined && probe !== "health" && probe !== "version") {
    headers.set("x-mlflow-workspace", workspace);
  }
  if (header !== undefined) headers.set(header.name, header.value.reveal());
  return new Request(urlOf(base, row.path), {
    headers,
    redirect: "manual",
    ...(row.body === undefined ? {} : { method: "POST", body: row.body }),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** As the client does it: the path is appended, one slash is taken off before. */
function urlOf(base: URL, path: string): string {
  return `${base.origin}${base.pathname.replace(/\/$/, "")}${path}`;
}

/**
 * Asks a tracking server one thing, once.
 *
 * @param base the tracking server's address
 * @param options the probe, the host, how to send, a log, and the header of a signed probe
 * @returns the answer
 * @throws {AuthError} `mlflow-unreachable`, `mlflow-client-certificate`, `network-proxy` or one of `tls-…`, when there is none
 *
 * @example
 * ```ts
 * import { ask } from "./probe.ts";
 * import { makeLog } from "../../core/log.ts";
 * import assert from "node:assert/strict";
 *
 * const lines: string[] = [];
 * const log = makeLog("DEBUG", (line) => lines.push(line));
 * const host = {
 *   fetch: () => Promise.resolve(new Response("OK")),
 *   sleep: () => new Promise<void>(() => {}),
 *   after: () => () => {},
 *   now: () => 0,
 * };
 * const answer = await ask(new URL("https://mlflow.example"), { probe: "health", host, network: {}, log });
 * assert.equal(answer.text, "OK");
 * assert.deepEqual(lines, ["mlflow-auth: debug: GET https://mlflow.example/health 200 0 ms"]);
 * ```
 */
export async function ask(
  base: URL,
  options: ProbeOptions & {
    readonly host: Pick<Host, "fetch" | "sleep" | "after" | "now">;
    readonly network: Network;
    readonly log: Log;
  },
): Promise<Answer> {
  const { host, network, log, probe } = options;
  const row: ProbeRow = PROBES[probe];
  const startedMs = host.now();
  const debug = (end: string | number): void => {
    const asked = `${row.body === undefined ? "GET" : "POST"} ${urlOf(base, row.path.replace(/=.*/, "=…"))}`;
    log.debug(`${asked}${options.header === undefined ? "" : " signed"} ${end} ${host.now() - startedMs} ms`);
  };
  try {
    const answer = await within(row.limitMs, {
      host,
      work: async (signal) =>
        await readAnswer(await host.fetch(probeRequest(base, { ...options, signal }), { ...network, asClient: true }), {
          asked: base,
          after: host.after,
        }),
    });
    debug(answer.status);
    return answer;
  } catch (cause) {
    const failure = probeFailure(cause, {
      base,
      limitMs: row.limitMs,
      hasCertificate: network.clientCertificate !== undefined,
    });
    debug(`no answer (${failure.code})`);
    throw failure;
  }
}
