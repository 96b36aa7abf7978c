import type { Log } from "../core/log.ts";
import { showPath } from "../core/shown.ts";
import { checkCredentialsFile, findShadows } from "../credential/shadows.ts";
import { obtain, type Obtained } from "../credential/obtain.ts";
import { addressFlaw } from "../credential/tracking_address.ts";
import { checkNotProxied } from "../credential/proxied.ts";
import { withPatience } from "./patience.ts";
import { requireSettings, type Session } from "./session.ts";

/** Milliseconds before its end at which a token is worth a word. */
const SOON_MS = 15 * 60_000;

/**
 * The credential for `exec` and `export`: resolved, and checked against the files that would win over it.
 *
 * @param session the settings and the world
 * @param force whether to hand over a token although `~/.mlflow/credentials` would win over it
 * @returns the credential, from the kernel's keyring where that is asked for
 * @throws {AuthError} any code of a run up to `credentials-file-wins`, `proxy-nested` among them
 */
export async function obtainCredential(session: Session, force: boolean): Promise<Obtained> {
  requireSettings(session);
  const { host, log, settings, fresh = false } = session;
  checkNotProxied(host.env);
  const flaw = settings.trackingUri.value === undefined ? undefined : addressFlaw(settings.trackingUri.value);
  if (flaw !== undefined) {
    log.warning(`${flaw.message.replace("Cannot use ", "MLflow's clients cannot use ")}; ${flaw.remedy}`);
  }
  const [resolved, shadows] = await Promise.all([
    withPatience(host, (patient) => obtain(settings, { host: patient, log, fresh })),
    findShadows(settings.trackingUri.value, host),
  ]);
  if (!force) checkCredentialsFile(resolved.credential, shadows);
  if (shadows.netrc !== undefined) {
    const { path, entry } = shadows.netrc;
    log.warning(
      `entry "${entry}" of "${
        showPath(path)
      }" wins over the credential in MLflow's Python client: remove it, or set NETRC=`,
    );
  }
  const scope = settings.tokenScope.value;
  if (scope !== undefined) warnOfEnd(resolved, { scope, nowMs: host.now(), log });
  return resolved;
}

/** An access token that ends soon: the run may need longer. */
function warnOfEnd(
  { expiresAtMs = Infinity }: Obtained,
  { scope, nowMs, log }: { readonly scope: string; readonly nowMs: number; readonly log: Log },
): void {
  const leftMs = expiresAtMs - nowMs;
  if (leftMs > SOON_MS) return;
  const minutes = Math.max(0, Math.floor(leftMs / 60_000));
  log.warning(`the token for ${scope} ends in ${minutes} minutes: exec --proxy keeps a longer run going`);
}
