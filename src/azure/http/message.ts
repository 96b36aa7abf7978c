import type { Network } from "../../core/host.ts";
import type { NetworkFailure } from "./network_failure.ts";

/** A request to Azure, whole. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds it may take; 5 s by default. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** How it is sent, in place of how all are. */
  readonly network?: Network;
}

/** What came back, read to its end. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/**
 * Tells an answer from a reason why there is none.
 *
 * @param result what `AzureHttp.send` gave
 * @returns true if there was an answer
 */
export function isResponse(result: HttpResponse | NetworkFailure): result is HttpResponse {
  return "status" in result;
}
