import type { HttpClient, PipelineRequest } from "@azure/core-rest-pipeline";
import type { AzureHttp } from "./http.ts";
import { type HttpRequest, type HttpResponse, isResponse } from "./message.ts";
import type { NetworkFailure } from "./network_failure.ts";

// The SDK retries what has one of the codes on the right; every other kind fails at once.
const CODES: Partial<Record<NetworkFailure["kind"], string>> = {
  refused: "ECONNREFUSED",
  reset: "ECONNRESET",
  timeout: "ETIMEDOUT",
};

/** Managed identity endpoints are asked over plain http, and a cold one takes its time. */
const MANAGED_IDENTITY_TIMEOUT_MS = 10_000;

/**
 * The SDK's request as a {@link HttpRequest}.
 *
 * @param request what the SDK wants to send
 * @returns the same request
 */
export function httpRequestOf(
  request: Pick<PipelineRequest, "method" | "url" | "body" | "timeout" | "abortSignal"> & {
    readonly headers: Pick<PipelineRequest["headers"], "toJSON">;
  },
): HttpRequest {
  const timeoutMs = request.timeout > 0
    ? request.timeout
    : request.url.startsWith("http:")
    ? MANAGED_IDENTITY_TIMEOUT_MS
    : undefined;
  const { abortSignal } = request;
  return {
    method: request.method,
    url: request.url,
    headers: request.headers.toJSON({ preserveCase: true }),
    ...(typeof request.body === "string" ? { body: request.body } : {}),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(abortSignal instanceof AbortSignal ? { signal: abortSignal } : {}),
  };
}

/** What stands between the SDK and the client below. */
export interface ClientHooks {
  /** Answers a request without sending it, where that is possible. */
  readonly answerLocally?: (request: HttpRequest) => string | undefined;
  /** Whether an answer is none that the SDK should be given: it then gets a failure, which says nothing. */
  readonly refuse?: (request: HttpRequest, response: HttpResponse) => boolean;
}

/**
 * Gives the SDK's packages one HTTP client over ours.
 *
 * @param http the client below
 * @param hooks what stands between
 * @returns the client for `httpClient` of every SDK option
 * @throws {TypeError} for plain http where the SDK does not allow it
 */
export function httpClientOf(http: AzureHttp, { answerLocally, refuse }: ClientHooks = {}): HttpClient {
  return {
    async sendRequest(request) {
      if (!request.url.startsWith("https:") && !request.allowInsecureConnection) {
        throw new TypeError("plain http is not allowed here");
      }
      // By now it is there: the SDK has it too. Before that, requests that were sent ahead are on their way.
      const { createHttpHeaders, RestError } = await import("../sdk/pipeline.ts");
      const sent = httpRequestOf(request);
      const local = answerLocally?.(sent);
      if (local !== undefined) {
        return {
          request,
          status: 200,
          headers: createHttpHeaders({ "content-type": "application/json" }),
          bodyAsText: local,
        };
      }
      const result = await http.send(sent);
      if (!isResponse(result)) {
        const code = CODES[result.kind] ?? result.kind.toUpperCase();
        throw new RestError(`${code} ${result.host}`, { code, request });
      }
      if (refuse?.(sent, result) === true) throw new RestError("an odd answer", { code: "ODD_ANSWER", request });
      return {
        request,
        status: result.status,
        headers: createHttpHeaders(Object.fromEntries(result.headers)),
        bodyAsText: result.body,
      };
    },
  };
}
