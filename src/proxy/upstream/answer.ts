import type { Admitted } from "../client/admit.ts";
import { endToEnd, fieldLines } from "../http1/fields.ts";
import type { Destination } from "./forward.ts";
import type { Framing } from "../http1/framing.ts";
import type { ParsedHead } from "../http1/llhttp.ts";

/** How an answer is passed on. */
export interface PassedOn {
  readonly framing: Framing;
  /** Whether the client's connection stays open behind it. */
  readonly keep: boolean;
  /** What stands before the path of a `Location` on the tracking server: the key, where the client gave it there. */
  readonly prefix: string;
  readonly to: Pick<Destination, "basePath"> & { readonly origin: string };
}

/**
 * Makes a `Location` lead through the proxy: one on the tracking server loses its origin and base path, every other stays.
 *
 * @param value of `Location`
 * @param options the tracking server, and what stands before the path
 * @returns the value to pass on
 *
 * @example
 * ```ts
 * import { relocate } from "./answer.ts";
 * import assert from "node:assert/strict";
 *
 * const options = { prefix: "", to: { origin: "https://mlflow.example", basePath: "/ml" } };
 * assert.equal(relocate("https://mlflow.example/ml/run?x=1", options), "/run?x=1");
 * assert.equal(relocate("https://login.example/", options), "https://login.example/");
 * ```
 */
export function relocate(value: string, { prefix, to }: Pick<PassedOn, "prefix" | "to">): string {
  const origin = value.slice(0, to.origin.length).toLowerCase() === to.origin ? to.origin.length : 0;
  const rest = value.slice(origin);
  // Behind the origin only a path, a query or nothing is its own: `https://mlflow.example.org` is another server.
  if (!/^(?:$|[/?#])/.test(rest) || (origin === 0 && !/^\/(?!\/)/.test(rest))) return value;
  const path = rest.startsWith("/") ? rest : `/${rest}`;
  const inside = path === to.basePath || path.startsWith(`${to.basePath}/`) || path.startsWith(`${to.basePath}?`);
  if (to.basePath !== "" && !inside) return value;
  const own = path.slice(to.basePath.length);
  // Two slashes would begin another origin.
  return `${prefix}${own.startsWith("/") ? own.replace(/^\/+/, "/") : `/${own}`}`;
}

/**
 * Writes the head of an answer to the client.
 *
 * @param head what the tracking server answered
 * @param request what was asked
 * @param options how it is passed on
 * @returns the head, one character a byte
 */
export function passedOnHead(
  head: Pick<ParsedHead, "status" | "reason" | "fields">,
  request: Pick<Admitted, "minor">,
  options: PassedOn,
): string {
  const passed = endToEnd(head.fields);
  const fields = passed.some(({ key }) => key === "location")
    ? passed.map((field) => field.key === "location" ? { ...field, value: relocate(field.value, options) } : field)
    : passed;
  const chunked = options.framing.kind === "chunked" && request.minor === 1 ? "Transfer-Encoding: chunked\r\n" : "";
  const connection = !options.keep ? "Connection: close\r\n" : request.minor === 0 ? "Connection: keep-alive\r\n" : "";
  return `HTTP/1.1 ${head.status} ${head.reason}\r\n${fieldLines(fields)}${chunked}${connection}\r\n`;
}
