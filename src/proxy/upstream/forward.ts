import type { Admitted } from "../client/admit.ts";
import { endToEnd, fieldLines } from "../http1/fields.ts";

/** Where requests go, and with what. */
export interface Destination {
  /** Value of `Host`: the authority without a default port. */
  readonly authority: string;
  /** What precedes every target; `""` where the tracking URI has no path, else without a slash at its end. */
  readonly basePath: string;
  /** Name of the field that carries the credential. */
  readonly headerName: string;
  /** Names of fields that are not passed on as they came, in lower case. */
  readonly replaced: ReadonlySet<string>;
}

/** What is never passed on: whom the request was for, and with what it was let in. */
const REPLACED = ["authorization", "host", "expect", "origin", "referer"] as const;

/**
 * Says where requests go.
 *
 * @param upstream the tracking server's URL
 * @param headerName name of the field that carries the credential
 * @returns the destination
 */
export function destinationOf(upstream: URL, headerName: string): Destination {
  return {
    authority: upstream.host,
    basePath: upstream.pathname.replace(/\/+$/, ""),
    headerName,
    replaced: new Set([...REPLACED, headerName.toLowerCase()]),
  };
}

/**
 * Writes the head of a request to the tracking server. Its target is the bytes that were received behind the base path: they are never
 * read as a URL, in which `//other.example/` would be another server.
 *
 * @param request what was let in
 * @param options where it goes, and the value of the credential's field
 * @returns the head, one character a byte
 *
 * @example
 * ```ts
 * import { destinationOf, forwardedHead } from "./forward.ts";
 * import assert from "node:assert/strict";
 *
 * const field = (name: string, value: string) => ({ name, key: name.toLowerCase(), value });
 * const head = forwardedHead(
 *   { method: "GET", target: "/version", framing: { kind: "none" }, fields: [field("Host", "127.0.0.1"), field("Accept", "*\/*")] },
 *   { to: destinationOf(new URL("https://mlflow.example/ml"), "Authorization"), credential: "Bearer abc" },
 * );
 * assert.equal(
 *   head,
 *   "GET /ml/version HTTP/1.1\r\nAccept: *\/*\r\nHost: mlflow.example\r\nAuthorization: Bearer abc\r\n\r\n",
 * );
 * ```
 */
export function forwardedHead(
  request: Pick<Admitted, "method" | "target" | "framing" | "fields">,
  { to, credential }: { readonly to: Destination; readonly credential: string },
): string {
  const kept = fieldLines(endToEnd(request.fields, to.replaced));
  const chunked = request.framing.kind === "chunked" ? "Transfer-Encoding: chunked\r\n" : "";
  const own = `Host: ${to.authority}\r\n${to.headerName}: ${credential}\r\n${chunked}`;
  return `${request.method} ${to.basePath}${request.target} HTTP/1.1\r\n${kept}${own}\r\n`;
}
