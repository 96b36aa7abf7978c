import { checkCredentialsFile, findShadows } from "../credential/shadows.ts";
import { obtain, type Obtained } from "../credential/obtain.ts";
import { withPatience } from "./patience.ts";
import { requireSettings, type Session } from "./session.ts";

/**
 * The credential for `exec` and `export`: resolved, and checked against the files that would win over it.
 *
 * @param session the settings and the world
 * @param force whether to hand over a token although `~/.mlflow/credentials` would win over it
 * @returns the credential, from the kernel's keyring where that is asked for
 * @throws {AuthError} any code of a run up to `credentials-file-wins`
 */
export async function obtainCredential(session: Session, force: boolean): Promise<Obtained> {
  requireSettings(session);
  const { host, log, settings, fresh = false } = session;
  const [resolved, shadows] = await Promise.all([
    withPatience(host, (patient) => obtain(settings, { host: patient, log, fresh })),
    findShadows(settings.trackingUri.value, host),
  ]);
  if (!force) checkCredentialsFile(resolved.credential, shadows);
  if (shadows.netrc !== undefined) {
    const { path, entry } = shadows.netrc;
    log.warning(
      `entry "${entry}" of "${path}" wins over the credential in MLflow's Python client: remove it, or set NETRC=`,
    );
  }
  return resolved;
}
