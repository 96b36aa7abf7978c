import { usesDeveloperTool } from "../../azure/sign_in/choose_identity.ts";
import type { Host } from "../../core/host.ts";
import type { Settings } from "../../core/settings/settings.ts";
import type { ResolveHost } from "../resolve.ts";
import { blockedBecause, type Cache, openCache } from "./cache.ts";
import type { Entry } from "./entry.ts";

/** What the kernel keeps for one set of settings. */
export type CacheState =
  | { readonly is: "off" }
  /** `because` says why it cannot be used; runs go on as without it. */
  | { readonly is: "unavailable"; readonly because: string }
  /** A developer tool would be asked, whose answers are never kept. */
  | { readonly is: "unused" }
  | { readonly is: "empty"; readonly uid: number }
  | {
    readonly is: "kept";
    readonly uid: number;
    readonly entry: Entry;
    /** Whole seconds since it was read, and until it is read again. */
    readonly ageSec: number;
    readonly leftSec: number;
    readonly forget: Cache["forget"];
  };

/**
 * Looks at what is kept, and asks nobody.
 *
 * @param settings the switch, and what decides
 * @param host the keyring, and what an identity is looked for in
 * @returns what is kept
 * @throws {AuthError} for an identity that is configured by halves
 */
export async function cacheState(settings: Settings, host: ResolveHost & Pick<Host, "keyring">): Promise<CacheState> {
  if (settings.cache.value === "off") return { is: "off" };
  const keyring = await host.keyring();
  if (keyring === undefined) return { is: "unavailable", because: "this system does not have it" };
  if (await usesDeveloperTool(settings, host)) return { is: "unused" };
  const cache = openCache(settings, { host, keyring });
  const { uid } = keyring;
  try {
    const entry = cache.find();
    if (entry === undefined) return { is: "empty", uid };
    const bootMs = cache.bootMs();
    const ageSec = Math.floor((bootMs - entry.readMs) / 1000);
    return { is: "kept", uid, entry, ageSec, leftSec: leftSec(entry, { settings, bootMs }), forget: cache.forget };
  } catch (error) {
    return { is: "unavailable", because: blockedBecause(error) };
  }
}

/** Until its own end, or until it is older than these settings allow. */
function leftSec(entry: Entry, { settings, bootMs }: { readonly settings: Settings; readonly bootMs: number }): number {
  const endsMs = Math.min(entry.endsMs, entry.readMs + settings.ttlSec.value * 1000);
  return Math.ceil((endsMs - bootMs) / 1000);
}

/**
 * The state in words, as `info` and `doctor` print it.
 *
 * @param state what {@link cacheState} gave
 * @returns such as `keyring, read 4 s ago, 116 s left`
 *
 * @example
 * ```ts
 * import { describeCache } from "./state.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(describeCache({ is: "empty", uid: 0 }), "keyring, nothing kept for these settings");
 * ```
 */
export function describeCache(state: CacheState): string {
  switch (state.is) {
    case "off":
      return "off, each run reads the secret";
    case "unavailable":
      return `keyring, cannot be used: ${state.because}`;
    case "unused":
      return "keyring, not used: what a developer tool gives is never kept";
    case "empty":
      return "keyring, nothing kept for these settings";
    case "kept":
      return `keyring, read ${state.ageSec} s ago, ${state.leftSec} s left`;
  }
}
