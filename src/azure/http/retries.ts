import type { Host } from "../../core/host.ts";
import type { NetworkFailure } from "./network_failure.ts";

/** What counts of an answer. */
export interface Answered {
  readonly status: number;
  readonly headers: Pick<Headers, "get">;
}

/** What decides whether a request is sent again. */
export interface Moment {
  readonly url: URL;
  /** How often it was sent again already. */
  readonly before: number;
  /** Milliseconds that are left for everything. */
  readonly leftMs: number;
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: number;
  /** From 0 to 1. */
  readonly random: number;
}

/** How often a kind of failure is answered with another request, and the longest first pause. */
interface Policy {
  readonly most: number;
  readonly firstMs: number;
}

const LONGEST_MS = 4_000;
/** Who waits as long as it was told adds up to this, so that not all come back at once. */
const SPREAD_MS = 500;

const BROKEN: Policy = { most: 2, firstMs: 200 };
/** A limit on requests passes: it is waited for as long as there is time. */
const LIMITED: Policy = { most: Infinity, firstMs: 500 };
const FAILING: Policy = { most: 3, firstMs: 400 };

const isImds = ({ protocol, pathname }: URL): boolean =>
  protocol === "http:" && pathname.replace(/\/$/, "") === "/metadata/identity/oauth2/token";

function policyFor(seen: Answered | NetworkFailure, url: URL): Policy | undefined {
  if (!("status" in seen)) return /^(refused|reset|timeout)$/.test(seen.kind) ? BROKEN : undefined;
  const { status } = seen;
  if (status === 429) return LIMITED;
  // The metadata service says so while it is being updated, and for an identity that was assigned a moment ago.
  if (isImds(url) && status === 410) return LIMITED;
  if (isImds(url) && status === 404) return FAILING;
  return status >= 500 || status === 408 ? FAILING : undefined;
}

/**
 * Milliseconds that an answer asks its reader to wait.
 *
 * @param headers the answer's headers: `retry-after-ms`, `x-ms-retry-after-ms`, or `Retry-After` in seconds or as a date
 * @param nowMs milliseconds since the Unix epoch
 * @returns the milliseconds, `undefined` where it does not ask
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 *
 * @example
 * ```ts
 * import { retryAfterMs } from "./retries.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(retryAfterMs(new Headers({ "retry-after": "60" }), 0), 60_000);
 * assert.equal(retryAfterMs(new Headers({ "retry-after": "Thu, 01 Jan 1970 00:00:07 GMT" }), 2_000), 5_000);
 * assert.equal(retryAfterMs(new Headers(), 0), undefined);
 * ```
 */
export function retryAfterMs(headers: Pick<Headers, "get">, nowMs: number): number | undefined {
  for (const name of ["retry-after-ms", "x-ms-retry-after-ms"]) {
    const text = headers.get(name) ?? "";
    if (/^\d+$/.test(text)) return Number(text);
  }
  const text = headers.get("retry-after") ?? "";
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // Not every text that `Date.parse` takes for a date is one of HTTP's.
  const date = /^[A-Z][a-z]{2}, \d/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

/**
 * Draws a number from the system's secure source: processes that started together draw different ones.
 *
 * @param host its source
 * @returns from 0 to 1, 1 excluded
 *
 * @example
 * ```ts
 * import { draw } from "./retries.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(draw({ randomHex: () => "8000000000" }), 0.5);
 * ```
 */
export const draw = ({ randomHex }: Pick<Host, "randomHex">): number =>
  Number.parseInt(randomHex().slice(0, 8), 16) / 2 ** 32;

/**
 * Decides whether a request is sent again, and when. A pause that was asked for is kept; else it is drawn from all of a range that
 * doubles ("full jitter"), so that many who failed together do not come back together.
 *
 * @param seen the answer, or why there is none
 * @param moment the request, how often it was sent again, the time that is left and a random number
 * @returns milliseconds to wait, or `undefined` where it is not sent again: it would not help, or there is no time left
 * @see https://learn.microsoft.com/azure/key-vault/general/overview-throttling
 *
 * @example
 * ```ts
 * import { pauseBefore } from "./retries.ts";
 * import assert from "node:assert/strict";
 *
 * const moment = { url: new URL("https://team.vault.azure.net"), before: 1, leftMs: 9_000, nowMs: 0, random: 0.5 };
 * const answer = (status: number, headers = {}) => ({ status, headers: new Headers(headers) });
 * assert.equal(pauseBefore(answer(429), moment), 500);
 * assert.equal(pauseBefore(answer(429, { "retry-after": "60" }), moment), undefined);
 * assert.equal(pauseBefore(answer(403), moment), undefined);
 * ```
 */
export function pauseBefore(seen: Answered | NetworkFailure, moment: Moment): number | undefined {
  const { url, before, leftMs, nowMs, random } = moment;
  const policy = policyFor(seen, url);
  if (policy === undefined || before >= policy.most) return undefined;
  const asked = "status" in seen ? retryAfterMs(seen.headers, nowMs) : undefined;
  const pause = asked === undefined
    ? random * Math.min(LONGEST_MS, policy.firstMs * 2 ** before)
    : asked + random * SPREAD_MS;
  return pause < leftMs ? pause : undefined;
}
