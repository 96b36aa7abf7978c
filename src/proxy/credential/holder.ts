import { AuthError } from "../../core/errors.ts";
import type { Host } from "../../core/host.ts";
import type { Log } from "../../core/log.ts";
import { headerFor } from "../../credential/apply.ts";
import { dueAt } from "./due.ts";
import type { FreshCredential } from "./fresh_credential.ts";

/** A credential that is held. */
export interface Held {
  /** The value of its field; the one text in the proxy that must not be seen. */
  readonly value: string;
  readonly version: string | undefined;
  readonly readAtMs: number;
}

/** What came of asking for a newer credential. */
export type Renewal =
  | { readonly kind: "changed"; readonly held: Held }
  | { readonly kind: "same" }
  | { readonly kind: "failed"; readonly why: AuthError };

/** Holds the credential, and reads it again: once for all requests that want it. */
export interface Holder {
  /** The credential to use now; one whose time is up is read again meanwhile. */
  readonly current: () => Held;
  /** A credential that is newer than one that the server refused. */
  readonly renew: (refused: Held) => Promise<Renewal>;
  /** Notes whether the server took a credential. */
  readonly note: (held: Held, taken: boolean) => void;
  readonly state: () => { readonly ready: boolean; readonly readAtMs: number; readonly dueAtMs: number };
  /** Reads no more. */
  readonly close: () => void;
}

/** What a holder is made of. */
export interface HolderParts {
  readonly host: Pick<Host, "now" | "after" | "randomHex">;
  readonly read: () => Promise<FreshCredential>;
  readonly ttlMs: number;
  readonly log: Log;
}

/** Most readings in {@link BUDGET_MS}: a rotation is seen at once, and a server that refuses everything does not empty the vault. */
const BUDGET = 10;
const BUDGET_MS = 60_000;

/** Of these, what readings in the background may take: a short time to live, or an outage, leaves as many for a refusal. */
const IN_BACKGROUND = 5;

/** Until a reading that failed is tried again, in the background. */
const RETRY_MS = 15_000;

/** A clock that jumps, as over a computer's sleep, is looked at this often. */
const LOOK_MS = 30_000;

const whyOf = (cause: unknown): AuthError =>
  cause instanceof AuthError ? cause : new AuthError("internal", {
    message: "Cannot read the credential again: an unexpected error was thrown",
    remedy: "look at the log with --log-level DEBUG",
    cause,
  });

/**
 * Reads the first credential, and holds it from then on.
 *
 * @param parts the clock, how to read, how long to keep
 * @returns the holder
 * @throws whatever the first reading is rejected with
 *
 * @example
 * ```ts
 * import { holdCredential } from "./holder.ts";
 * import { makeLog } from "../../core/log.ts";
 * import { Secret } from "../../core/secret.ts";
 * import assert from "node:assert/strict";
 *
 * const holder = await holdCredential({
 *   host: { now: () => 0, after: () => () => {}, randomHex: () => "0".repeat(32) },
 *   read: () => Promise.resolve({ credential: { kind: "bearer", token: new Secret("abc") } }),
 *   ttlMs: 300_000,
 *   log: makeLog("ERROR", () => {}),
 * });
 * assert.equal(holder.current().value, "Bearer abc");
 * ```
 */
export async function holdCredential({ host, read, ttlMs, log }: HolderParts): Promise<Holder> {
  const readings: number[] = [];
  let refused = false;
  let outage: AuthError | undefined;
  let reading: Promise<void> | undefined;
  let callOff = (): void => {};
  let closed = false;

  const heldOf = ({ credential, expiresAtMs, version }: FreshCredential): Held & { readonly dueAtMs: number } => {
    const value = headerFor(credential).reveal();
    const now = host.now();
    const random = parseInt(host.randomHex().slice(0, 8), 16) / 2 ** 32;
    return { value, version, readAtMs: now, dueAtMs: dueAt({ now, ttlMs, value, expiresAtMs, random }) };
  };
  readings.push(host.now());
  let held = heldOf(await read());
  let { dueAtMs } = held;
  /** Whether one more reading is allowed by now. */
  const mayRead = (most: number): boolean => {
    const since = host.now() - BUDGET_MS;
    // Later than now is before the clock was set back.
    while (readings[0] !== undefined && (readings[0] <= since || readings[0] > host.now())) readings.shift();
    return readings.length < most;
  };
  const readAgain = (): Promise<void> =>
    reading ??= (async () => {
      readings.push(host.now());
      try {
        const fresh = heldOf(await read());
        if (fresh.value !== held.value) refused = false;
        held = fresh;
        dueAtMs = fresh.dueAtMs;
        if (outage !== undefined) log.info("the credential can be read again");
        outage = undefined;
      } catch (cause) {
        if (outage === undefined && !closed) log.warning(`${whyOf(cause).message}; the old credential is used on`);
        outage = whyOf(cause);
        dueAtMs = host.now() + Math.min(RETRY_MS, ttlMs);
      } finally {
        reading = undefined;
      }
    })();
  const look = (): void => {
    if (closed) return;
    if (host.now() >= dueAtMs && mayRead(IN_BACKGROUND)) void readAgain().then(schedule);
    else schedule();
  };
  const schedule = (): void => {
    callOff();
    if (!closed) callOff = host.after(Math.min(LOOK_MS, Math.max(100, dueAtMs - host.now())), look);
  };

  schedule();
  return {
    current: () => {
      if (host.now() >= dueAtMs && reading === undefined && !closed && mayRead(IN_BACKGROUND)) void readAgain();
      return held;
    },
    renew: async (old) => {
      // A reading that began before the refusal may have come before the rotation: then one more is asked for.
      if (held.value === old.value) await reading;
      if (held.value === old.value && (reading !== undefined || mayRead(BUDGET))) await readAgain();
      if (held.value !== old.value) return { kind: "changed", held };
      return outage === undefined ? { kind: "same" } : { kind: "failed", why: outage };
    },
    note: (used, taken) => {
      if (used.value === held.value) refused = !taken;
    },
    state: () => ({ ready: !refused, readAtMs: held.readAtMs, dueAtMs }),
    close: () => {
      closed = true;
      callOff();
    },
  };
}
