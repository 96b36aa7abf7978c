import { AuthError } from "../core/errors.ts";
import type { Settings } from "../core/settings/settings.ts";
import type { Obtained, ObtainWorld } from "./cache/through_cache.ts";
import { refuseLocally, resolveCredential } from "./resolve.ts";

export type { Obtained, ObtainWorld } from "./cache/through_cache.ts";

/**
 * The credential as every command that hands one over gets it: from the kernel's keyring where `MLFLOW_AUTH_CACHE` asks for it and
 * there is one, else read now. What can be refused without a request is refused before either.
 *
 * @param settings what {@link readSettings} read
 * @param world the host, a log, and whether to read it anew
 * @returns the credential
 * @throws {AuthError} any code of a run up to `credential-mode`
 *
 * @example
 * ```ts
 * import { obtain } from "./obtain.ts";
 * import { makeLog } from "../core/log.ts";
 * import { readSettings } from "../core/settings/read_settings.ts";
 * import { fakeHost } from "../../tests/support/host.ts";
 * import assert from "node:assert/strict";
 *
 * const { settings } = readSettings({ env: {} });
 * const log = makeLog("ERROR", () => {});
 * await assert.rejects(obtain(settings, { host: fakeHost(), log }), { code: "setting-missing" });
 * ```
 */
export async function obtain(settings: Settings, world: ObtainWorld): Promise<Obtained> {
  if (settings.cache.value === "off") return await resolveCredential(settings, world);
  if (world.host.platform !== "linux") throw linuxAlone();
  refuseLocally(settings, world.host);
  // Nothing of it is loaded where it is off.
  const { obtainThroughCache } = await import("./cache/through_cache.ts");
  return await obtainThroughCache(settings, world);
}

function linuxAlone(): AuthError {
  return new AuthError("setting-invalid", {
    message: 'Cannot use "MLFLOW_AUTH_CACHE": the keyring is the Linux kernel\'s, and this is another system',
    remedy: "leave out --cache, or: unset MLFLOW_AUTH_CACHE",
  });
}
