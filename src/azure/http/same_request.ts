import type { HttpRequest } from "./message.ts";

/** Names of headers and fields that say which program asks, and which of its requests it is: no answer depends on them. */
const TELEMETRY = /^(user-agent|accept-encoding|x-client-.+|((x-ms-)?return-|x-ms-)?client-request-id)$/i;

const FORM = /^application\/x-www-form-urlencoded\b/i;

type Fields = Iterable<readonly [name: string, value: string]>;

/** What counts of some fields, in an order of its own. */
const telling = (fields: Fields): string =>
  [...fields].filter(([name]) => !TELEMETRY.test(name)).map((field) => JSON.stringify(field)).sort().join();

const lowered = (headers: HttpRequest["headers"]): Fields =>
  Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);

function bodyOf({ headers, body = "" }: HttpRequest): string {
  const [, type = ""] = [...lowered(headers)].find(([name]) => name === "content-type") ?? [];
  return FORM.test(type) ? telling(new URLSearchParams(body)) : body;
}

/**
 * Says whether the answer to one request is the answer to another: they differ in nothing but what says which program asks, and in
 * the order of headers and of fields.
 *
 * @param one a request
 * @param other another
 * @returns whether they ask the same
 *
 * @example
 * ```ts
 * import { asksTheSame } from "./same_request.ts";
 * import assert from "node:assert/strict";
 *
 * const one = { method: "GET", url: "https://team.vault.azure.net/secrets/a", headers: { accept: "application/json" } };
 * assert.ok(asksTheSame(one, { ...one, headers: { Accept: "application/json", "User-Agent": "azsdk-js" } }));
 * assert.ok(!asksTheSame(one, { ...one, headers: { ...one.headers, authorization: "Bearer x" } }));
 * ```
 */
export function asksTheSame(one: HttpRequest, other: HttpRequest): boolean {
  const [url, another] = [new URL(one.url), new URL(other.url)];
  return one.method === other.method && url.origin + url.pathname === another.origin + another.pathname &&
    one.timeoutMs === other.timeoutMs && one.network === other.network &&
    telling(url.searchParams) === telling(another.searchParams) &&
    telling(lowered(one.headers)) === telling(lowered(other.headers)) && bodyOf(one) === bodyOf(other);
}
