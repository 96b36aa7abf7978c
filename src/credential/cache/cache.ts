import { errorCode } from "../../core/error_code.ts";
import type { Host } from "../../core/host.ts";
import type { Keyring } from "../../core/keyring.ts";
import type { Settings } from "../../core/settings/settings.ts";
import { decodeEntry, encodeEntry, type Entry, lifetimeMs } from "./entry.ts";
import { fingerprint } from "./fingerprint.ts";

/** What every name that this program keeps in a keyring begins with. */
export const KEPT_PREFIX = "mlflow-auth:1:";

/** A credential as it was read now. */
export type Read = Pick<Entry, "credential" | "version" | "expiresAtMs">;

/** What is kept for one set of settings. Every function throws the system's error where the kernel refuses. */
export interface Cache {
  /** What is kept and has not ended, nor is older than the settings allow. */
  readonly find: () => Entry | undefined;
  /** The entry that is made of what was read now, or `undefined` where it is not worth keeping. */
  readonly entryOf: (read: Read) => Entry | undefined;
  /** Keeps an entry until its end. */
  readonly keep: (entry: Entry) => void;
  /** Forgets it; whether there was something. */
  readonly forget: () => boolean;
  /** An entry as bytes, and back: what one process hands to another. */
  readonly encode: (entry: Entry) => Uint8Array<ArrayBuffer>;
  readonly decode: (bytes: Uint8Array<ArrayBuffer>) => Entry | undefined;
  /** The fingerprint of what decides. */
  readonly print: string;
  readonly bootMs: Keyring["bootMs"];
}

/**
 * Opens what is kept for these settings.
 *
 * @param settings what decides, and how old what is kept may be
 * @param world the environment, the clock and the kernel's keyring
 * @returns the cache
 */
export function openCache(
  settings: Settings,
  world: { readonly host: Pick<Host, "env" | "now">; readonly keyring: Keyring },
): Cache {
  const { host, keyring } = world;
  const print = fingerprint(settings, { env: host.env, keyring });
  const name = `${KEPT_PREFIX}${print.slice(0, 32)}`;
  // The time to live is for secrets: an access token says itself how long it lives.
  const ttlSec = settings.tokenScope.value === undefined ? settings.ttlSec.value : undefined;
  const decode = (bytes: Uint8Array<ArrayBuffer>): Entry | undefined => {
    const bootMs = keyring.bootMs();
    const entry = decodeEntry(bytes, { print, bootMs });
    return entry !== undefined && bootMs - entry.readMs < (ttlSec ?? Infinity) * 1000 ? entry : undefined;
  };
  return {
    print,
    bootMs: keyring.bootMs,
    find: () => {
      const bytes = keyring.find(name);
      return bytes === undefined ? undefined : decode(bytes);
    },
    entryOf: (read) => {
      const ms = lifetimeMs(read, { ttlSec, nowMs: host.now() });
      const readMs = keyring.bootMs();
      return ms === 0 ? undefined : { ...read, readMs, endsMs: readMs + ms };
    },
    keep: (entry) => {
      const seconds = Math.ceil((entry.endsMs - keyring.bootMs()) / 1000);
      if (seconds > 0) keyring.keep({ name, bytes: encodeEntry(entry, print) }, seconds);
    },
    forget: () => keyring.forget(name),
    encode: (entry) => encodeEntry(entry, print),
    decode,
  };
}

/**
 * Says why the kernel refuses its keyring.
 *
 * @param error what a function of {@link Keyring} threw
 * @returns such as `not permitted (EPERM): a container's seccomp profile`
 */
export function blockedBecause(error: unknown): string {
  const code = errorCode(error) ?? "unknown";
  const known: Readonly<Record<string, string>> = {
    EPERM: "not permitted, as by a container's seccomp profile",
    ENOSYS: "this kernel or sandbox does not have it",
    EACCES: "access denied",
    EDQUOT: "the user's quota of keys is used up",
  };
  return `${known[code] ?? "the kernel refuses it"} (${code})`;
}
