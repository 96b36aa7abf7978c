/** Why a request got no answer. */
export const FAILURE_KINDS = [
  "dns",
  "refused",
  "tls-untrusted",
  "tls-name",
  "tls-date",
  "tls-failed",
  "reset",
  "timeout",
  "proxy",
  "deadline",
  "failed",
] as const;

/** A request that got no answer. */
export interface NetworkFailure {
  readonly kind: typeof FAILURE_KINDS[number];
  /** Host that was asked, with its port where it is not the default. */
  readonly host: string;
}

// The first that matches wins. Deno's errors have no `code`, only the text of the libraries below it; Bun's and Node's have both.
const RULES: readonly (readonly [RegExp, NetworkFailure["kind"]])[] = [
  [/dns error|ENOTFOUND|EAI_AGAIN|failed to lookup|getaddrinfo/i, "dns"],
  [/tunnel|proxy/i, "proxy"],
  [/refused/i, "refused"],
  [/UnknownIssuer|UNABLE_TO_|SELF.SIGNED|CaUsedAsEndEntity|unable to (verify|get)/i, "tls-untrusted"],
  [/valid ?for ?name|ALTNAME/i, "tls-name"],
  [/cert.*expired|not ?valid ?yet|NOT_YET_VALID/i, "tls-date"],
  [/InvalidContentType|WRONG_VERSION|corrupt message|EPROTO|certificate|handshake/i, "tls-failed"],
  [/reset|closed|UND_ERR_SOCKET|close_notify|unexpected eof|Incomplete|broken pipe|EPIPE|SendRequest/i, "reset"],
  [/ETIMEDOUT|timed out|CONNECT_TIMEOUT/i, "timeout"],
];

function textOf(error: unknown): string {
  const parts: string[] = [];
  let current: unknown = error;
  for (let depth = 0; depth < 6 && current !== undefined && current !== null; depth++) {
    if (typeof current !== "object") {
      parts.push(String(current));
      break;
    }
    const { code, message, cause, errors } = current as Partial<Record<string, unknown>>;
    parts.push(`${code ?? ""} ${message ?? ""}`);
    current = cause ?? (Array.isArray(errors) ? errors[0] : undefined);
  }
  return parts.join(" | ");
}

/**
 * Tells from a runtime's own error why a request got no answer.
 *
 * @param error what `fetch` rejected with, under Deno, Bun or Node
 * @param host the host that was asked; a name that reads like an error is not mistaken for one
 * @returns what happened
 *
 * @example
 * ```ts
 * import { classifyNetworkFailure } from "./network_failure.ts";
 * import assert from "node:assert/strict";
 *
 * const error = new TypeError("error sending request: client error (Connect): dns error: failed to lookup address");
 * assert.deepEqual(classifyNetworkFailure(error, "team.vault.azure.net"), { kind: "dns", host: "team.vault.azure.net" });
 * ```
 */
export function classifyNetworkFailure(error: unknown, host: string): NetworkFailure {
  const bare = host.replace(/:\d+$/, "");
  const text = textOf(error).replace(/https?:\/\/\S+/g, "").replaceAll(bare, "");
  return { kind: RULES.find(([pattern]) => pattern.test(text))?.[1] ?? "failed", host };
}
