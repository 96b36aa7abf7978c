import { Buffer } from "node:buffer";

/** What decides when a credential is read again. */
export interface DueFacts {
  readonly now: number;
  readonly ttlMs: number;
  /** The value of its field. */
  readonly value: string;
  /** When it ends, where that is known. */
  readonly expiresAtMs?: number | undefined;
  /** From 0 to 1: proxies that were started together do not read together. */
  readonly random: number;
}

/** The share of the time to live by which it is read earlier, at most. */
const JITTER = 0.1;

/** Between two readings of a token that is about to end and has no successor yet. */
const LAST_MS = 10_000;

/**
 * Says when a credential is to be read again: when its time to live is up, or a while before it ends.
 *
 * @param facts the clock, the time to live, the credential
 * @returns milliseconds since the Unix epoch
 *
 * @example
 * ```ts
 * import { dueAt } from "./due.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(dueAt({ now: 0, ttlMs: 300_000, value: "Bearer abc", random: 0.5 }), 285_000);
 * assert.equal(dueAt({ now: 0, ttlMs: 300_000, value: "Bearer abc", expiresAtMs: 100_000, random: 0 }), 90_000);
 * ```
 */
export function dueAt({ now, ttlMs, value, expiresAtMs, random }: DueFacts): number {
  const byTtl = now + ttlMs * (1 - JITTER * random);
  const end = expiresAtMs ?? expiryOf(value);
  // A token that has ended by this clock says nothing about when there is another.
  if (end === undefined || end <= now) return byTtl;
  // A tenth of what is left, and at most five minutes, is time for several tries.
  const before = end - Math.min(300_000, (end - now) / 10);
  return Math.min(byTtl, Math.max(before, now + Math.min(LAST_MS, ttlMs)));
}

/** The `exp` claim of a JWT (RFC 7519, section 4.1.4); the token is not checked: the server does that. */
function expiryOf(value: string): number | undefined {
  const claims = /^Bearer [\w-]+\.([\w-]+)\.[\w-]*$/.exec(value)?.[1];
  if (claims === undefined) return undefined;
  try {
    const { exp } = JSON.parse(Buffer.from(claims, "base64url").toString()) as { readonly exp?: unknown };
    return typeof exp === "number" && Number.isFinite(exp) ? exp * 1000 : undefined;
  } catch {
    // Three words with dots between them need not be a JWT.
    return undefined;
  }
}
