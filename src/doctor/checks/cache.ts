import type { CacheState } from "../../credential/cache/state.ts";
import { headerFor } from "../../credential/apply.ts";
import type { Credential } from "../../credential/parse.ts";
import { type Note, ok, warn } from "../finding.ts";
import type { Check } from "./check.ts";

/** Looks at what the kernel keeps, compares it with what the vault has now, and drops what is no longer the same. */
export const cache: Check = {
  name: "cache",
  doc: "What the kernel keeps, if anything, is what the vault has, and nobody else reads it",
  run: async ({ steps, settings, host }) => {
    // What nobody uses is not read.
    const { cacheState, describeCache } = await import("../../credential/cache/state.ts");
    if (settings.cache.value === "off") return [ok(describeCache({ is: "off" }))];
    await steps.enabled();
    const state = await cacheState(settings, host);
    const said = describeCache(state);
    const notes = state.is === "kept"
      ? [compare(state, { fresh: await steps.credential(), said })]
      : [describe(state, said)];
    return [...notes, ...sharedWithContainers(state)];
  },
};

function describe(state: CacheState, said: string): Note {
  if (state.is !== "unavailable") return ok(said);
  return warn("cache-unavailable", {
    message: `Cannot use "the kernel's keyring": ${state.because}; each run reads the secret`,
    remedy: "allow keyctl and add_key to this process, or: unset MLFLOW_AUTH_CACHE",
  });
}

/**
 * What a comparison of what is kept with what the vault has says. What differs is dropped.
 *
 * @param state what is kept
 * @param others what the vault has, and what is said of what is kept
 * @returns `ok`, or a warning
 */
export function compare(
  state: Extract<CacheState, { readonly is: "kept" }>,
  { fresh, said }: { readonly fresh: Credential; readonly said: string },
): Note {
  if (headerFor(state.entry.credential).reveal() === headerFor(fresh).reveal()) {
    return ok(`${said}, the same as in the vault`);
  }
  state.forget();
  return warn("cache-stale", {
    message:
      `Cannot rely on "what the kernel kept": read ${state.ageSec} s ago, it is not what the vault has now; it was dropped`,
    remedy: "start again what was started with it: mlflow-auth exec --fresh -- <command>",
  });
}

/** A container without a user namespace of its own has the keyrings of the host's users, root's among them. */
function sharedWithContainers(state: CacheState): readonly Note[] {
  if ((state.is !== "kept" && state.is !== "empty") || state.uid !== 0) return [];
  return [warn("cache-shared", {
    message: 'Cannot keep "root\'s keyring" to this system alone: containers that run as root may read it',
    remedy:
      "run as another user, or leave MLFLOW_AUTH_CACHE off, where containers run as root without a user namespace",
  })];
}
