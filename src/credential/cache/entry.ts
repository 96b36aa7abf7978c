import { Secret } from "../../core/secret.ts";
import { readClaims } from "../claims.ts";
import type { Credential } from "../parse.ts";

/** A credential that was read some time ago. */
export interface Entry {
  readonly credential: Credential;
  /** Version of the secret; `undefined` where it was not known. */
  readonly version: string | undefined;
  /** When it was read, by {@link Keyring.bootMs}. */
  readonly readMs: number;
  /** When it is read again, by the same clock. */
  readonly endsMs: number;
  /** When it ends itself, in milliseconds since the Unix epoch, where that is known. */
  readonly expiresAtMs: number | undefined;
}

/** Grows when a member changes its meaning: what an older program kept is not read then. */
const FORM = 1;

/** A token is not kept in its last minute: who gets it has to use it first. */
const LAST_MS = 60_000;
/** An access token of the identity's own is read again this long before its end, or a tenth of its life where that is less. */
const MOST_MARGIN_MS = 5 * 60_000;
/** What could be kept for less than this is not kept. */
const LEAST_MS = 5_000;

/**
 * How long a credential may be kept.
 *
 * @param read the credential, and when its secret ends
 * @param limits the time to live in seconds, `undefined` for an access token of the identity's own, which is kept until shortly
 * before its end; and the time in milliseconds since the Unix epoch
 * @returns milliseconds, 0 where it is not worth keeping
 *
 * @example
 * ```ts
 * import { lifetimeMs } from "./entry.ts";
 * import { Secret } from "../../core/secret.ts";
 * import assert from "node:assert/strict";
 *
 * const credential = { kind: "bearer", token: new Secret("abc") } as const;
 * assert.equal(lifetimeMs({ credential, expiresAtMs: undefined }, { ttlSec: 300, nowMs: 0 }), 300_000);
 * assert.equal(lifetimeMs({ credential, expiresAtMs: 8_000 }, { ttlSec: 300, nowMs: 0 }), 8_000);
 * assert.equal(lifetimeMs({ credential, expiresAtMs: 3_000 }, { ttlSec: 300, nowMs: 0 }), 0);
 * assert.equal(lifetimeMs({ credential, expiresAtMs: 3_600_000 }, { ttlSec: undefined, nowMs: 0 }), 3_300_000);
 * ```
 */
export function lifetimeMs(
  read: Pick<Entry, "credential" | "expiresAtMs">,
  limits: { readonly ttlSec: number | undefined; readonly nowMs: number },
): number {
  const { credential, expiresAtMs = Infinity } = read;
  if (limits.ttlSec === undefined) {
    const lifeMs = expiresAtMs - limits.nowMs;
    return Math.max(0, Math.floor(lifeMs - Math.min(MOST_MARGIN_MS, lifeMs / 10)));
  }
  const claims = credential.kind === "bearer" ? readClaims(credential.token.reveal()) : undefined;
  const tokenEndsMs = (claims?.expiresAtMs ?? Infinity) - LAST_MS;
  const ms = Math.min(limits.ttlSec * 1000, expiresAtMs - limits.nowMs, tokenEndsMs - limits.nowMs);
  return ms < LEAST_MS ? 0 : Math.floor(ms);
}

/**
 * An entry as bytes, bound to what it was kept for.
 *
 * @param entry what is kept
 * @param print the fingerprint of what decided it
 * @returns UTF-8 of a line of JSON
 */
export function encodeEntry(entry: Entry, print: string): Uint8Array<ArrayBuffer> {
  const { credential, version, readMs, endsMs, expiresAtMs } = entry;
  const secret = credential.kind === "bearer"
    ? { token: credential.token.reveal() }
    : { username: credential.username, password: credential.password.reveal() };
  return new TextEncoder().encode(
    JSON.stringify({ form: FORM, print, readMs, endsMs, version, expiresAtMs, ...secret }),
  );
}

function decodeCredential({ token, username, password }: Readonly<Record<string, unknown>>): Credential | undefined {
  if (typeof token === "string") return { kind: "bearer", token: new Secret(token) };
  if (typeof username !== "string" || typeof password !== "string") return undefined;
  return { kind: "basic", username, password: new Secret(password) };
}

/** What bytes are as an object with members; `undefined` for anything else. */
function objectOf(bytes: Uint8Array<ArrayBuffer>): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === "object" && value !== null ? value as Readonly<Record<string, unknown>> : undefined;
  } catch {
    // Not this program's: there is nothing to use.
    return undefined;
  }
}

/**
 * Reads an entry. It has to be of this form and for this fingerprint, and its own end counts: the kernel ends a key by a clock that
 * can be set.
 *
 * @param bytes what was kept
 * @param at the fingerprint (any, where it is left out) and the time by {@link Keyring.bootMs}
 * @returns the entry, or `undefined` for anything else, and for one that has ended or is from the future
 *
 * @example
 * ```ts
 * import { decodeEntry, encodeEntry } from "./entry.ts";
 * import { Secret } from "../../core/secret.ts";
 * import assert from "node:assert/strict";
 *
 * const credential = { kind: "bearer", token: new Secret("abc") } as const;
 * const bytes = encodeEntry({ credential, version: "1", readMs: 0, endsMs: 9, expiresAtMs: undefined }, "f0");
 * assert.equal(decodeEntry(bytes, { print: "f0", bootMs: 8 })?.version, "1");
 * assert.equal(decodeEntry(bytes, { print: "f0", bootMs: 9 }), undefined);
 * assert.equal(decodeEntry(bytes, { print: "f1", bootMs: 8 }), undefined);
 * ```
 */
export function decodeEntry(
  bytes: Uint8Array<ArrayBuffer>,
  at: { readonly print?: string; readonly bootMs: number },
): Entry | undefined {
  const value = objectOf(bytes);
  if (value === undefined || value["form"] !== FORM) return undefined;
  if (at.print !== undefined && value["print"] !== at.print) return undefined;
  const credential = decodeCredential(value);
  const { readMs, endsMs, version, expiresAtMs } = value;
  if (credential === undefined || typeof readMs !== "number" || typeof endsMs !== "number") return undefined;
  if (readMs > at.bootMs || endsMs <= at.bootMs) return undefined;
  return {
    credential,
    readMs,
    endsMs,
    version: typeof version === "string" ? version : undefined,
    expiresAtMs: typeof expiresAtMs === "number" ? expiresAtMs : undefined,
  };
}
