import { IDENTITIES } from "../../azure/identities/identities.ts";
import { usesDeveloperTool } from "../../azure/sign_in/choose_identity.ts";
import type { Host } from "../../core/host.ts";
import type { Log } from "../../core/log.ts";
import type { Settings } from "../../core/settings.ts";
import { resolveCredential, type Resolved, type ResolveHost } from "../resolve.ts";
import { blockedBecause, type Cache, openCache } from "./cache.ts";
import type { Entry } from "./entry.ts";

/** A credential, read now or kept by the kernel since it was. */
export type Obtained = Pick<Entry, "credential" | "version" | "expiresAtMs">;

/** What a credential is obtained with. */
export interface ObtainWorld {
  readonly host: ResolveHost & Pick<Host, "keyring">;
  readonly log: Log;
  /** Whether to read it anew, and to replace what is kept. */
  readonly fresh?: boolean;
}

/** Does something with the keyring; where the kernel refuses it, the run goes on as without a cache. */
function unlessBlocked<T>(log: Log, use: () => T): T | undefined {
  try {
    return use();
  } catch (error) {
    log.debug(`keyring: ${blockedBecause(error)}`);
    return undefined;
  }
}

/** Who is signed in with a developer tool changes without any setting: what they read is nobody else's. */
const mayBeKept = ({ source }: Resolved): boolean => {
  const { identity } = source.kind === "secret" ? source.secret : source.token;
  return IDENTITIES.find(({ name }) => name === identity)?.group === "prod";
};

/**
 * Takes what the kernel keeps, or reads the credential and lets the kernel keep it. What can be refused without a request has been.
 *
 * @param settings what {@link readSettings} read
 * @param world the host with its keyring, a log, and whether to read it anew
 * @returns the credential
 * @throws {AuthError} any code of a run up to `credential-mode`
 */
export async function obtainThroughCache(settings: Settings, world: ObtainWorld): Promise<Obtained> {
  const { host, log, fresh = false } = world;
  const keyring = await host.keyring();
  if (keyring === undefined) log.debug("keyring: not on this system");
  if (keyring === undefined || await usesDeveloperTool(settings, host)) return await resolveCredential(settings, world);
  const cache = openCache(settings, { host, keyring });
  const kept = fresh ? undefined : unlessBlocked(log, cache.find);
  if (kept !== undefined) {
    const agoSec = Math.floor((cache.bootMs() - kept.readMs) / 1000);
    log.debug(`credential: ${kept.credential.kind}, kept by the kernel, read ${agoSec} s ago`);
    return kept;
  }
  const resolved = await resolveCredential(settings, world);
  keep(resolved, { cache, log });
  return resolved;
}

function keep(resolved: Resolved, { cache, log }: { readonly cache: Cache; readonly log: Log }): void {
  if (!mayBeKept(resolved)) return;
  const entry = cache.entryOf(resolved);
  if (entry !== undefined) unlessBlocked(log, () => cache.keep(entry));
}
