import { tellsOpenFiles } from "../../core/error_code.ts";

/** Why a request got no answer. */
export const FAILURE_KINDS = [
  "dns",
  "refused",
  "tls-untrusted",
  "tls-name",
  "tls-date",
  "tls-none",
  "tls-failed",
  "reset",
  "timeout",
  "proxy",
  "deadline",
  "too-large",
  "open-files",
  "failed",
] as const;

/** A request that got no answer. */
export interface NetworkFailure {
  readonly kind: typeof FAILURE_KINDS[number];
  /** Host that was asked, with its port where it is not the default. */
  readonly host: string;
  /** How it was asked, where not by https. */
  readonly scheme?: "http";
  /** Variables that name roots and were not read. */
  readonly unreadRoots?: readonly string[];
  /** Whether the program's own variable named those that were. */
  readonly ownRoots?: boolean;
  /** The proxy that the request went through. */
  readonly proxy?: Proxied["proxy"];
}

/** What a rejected request tells about its way, where it went through a proxy. */
interface Proxied {
  readonly proxy: {
    readonly host: string;
    /** The variable that names it. */
    readonly variable: string;
    /** It wants a user name and password, or others (status 407). */
    readonly asks: boolean;
  };
}

// The first that matches wins. Deno's errors have no `code`, only the text of the libraries below it; Bun's and Node's have both.
const RULES: readonly (readonly [RegExp, NetworkFailure["kind"]])[] = [
  [/dns error|ENOTFOUND|EAI_AGAIN|failed to lookup|getaddrinfo/i, "dns"],
  [/tunnel/i, "proxy"],
  [/refused/i, "refused"],
  [/UnknownIssuer|UNABLE_TO_|SELF.SIGNED|CaUsedAsEndEntity|unable to (verify|get)/i, "tls-untrusted"],
  [/valid ?for ?name|ALTNAME/i, "tls-name"],
  [/cert.*expired|not ?valid ?yet|NOT_YET_VALID/i, "tls-date"],
  // After those that tell a certificate's names: one may be called so.
  [/proxy/i, "proxy"],
  // Bun has one word for no TLS at all and for a version that is too old.
  [/InvalidContentType|WRONG_VERSION|corrupt message|EPROTO|alert: ?ProtocolVersion/i, "tls-none"],
  [/certificate|handshake|fatal alert/i, "tls-failed"],
  [
    /reset|closed|UND_ERR_SOCKET|close_notify|unexpected (?:eof|end of file)|reading a body|Incomplete|broken pipe|EPIPE|SendRequest/i,
    "reset",
  ],
  [/ETIMEDOUT|timed out|CONNECT_TIMEOUT/i, "timeout"],
];

/**
 * Tells the proxy that a request went through.
 *
 * @param error what it was rejected with
 * @returns the proxy, as a member of {@link NetworkFailure}; nothing where it went directly
 */
export function proxied(error: unknown): Pick<NetworkFailure, "proxy"> {
  if (!(error instanceof Error) || !("proxy" in error) || typeof error.proxy !== "object" || error.proxy === null) {
    return {};
  }
  const { host, variable } = error.proxy as Readonly<Record<string, unknown>>;
  const asks = /\b407\b|proxy authentication required/i.test(chainText(error));
  return typeof host === "string" && typeof variable === "string" ? { proxy: { host, variable, asks } } : {};
}

/**
 * All the text of an error and of those that caused it.
 *
 * @param error what a request was rejected with
 * @returns codes and messages, the outermost first
 */
export function chainText(error: unknown): string {
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
  const way = proxied(error);
  const names = [host, way.proxy?.host ?? host].map((name) => name.replace(/:\d+$/, ""));
  const text = names.reduce((rest, name) => rest.replaceAll(name, ""), chainText(error).replace(/https?:\/\/\S+/g, ""));
  if (tellsOpenFiles(text)) return { kind: "open-files", host };
  return { kind: RULES.find(([pattern]) => pattern.test(text))?.[1] ?? "failed", host, ...way };
}
