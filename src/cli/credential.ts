import { checkCredentialsFile, findShadows } from "../credential/shadows.ts";
import { resolveCredential, type Resolved } from "../credential/resolve.ts";
import { withPatience } from "./patience.ts";
import { requireSettings, type Session } from "./session.ts";

/**
 * The credential for `exec` and `export`: resolved, and checked against the files that would win over it.
 *
 * @param session the settings and the world
 * @param force whether to hand over a token although `~/.mlflow/credentials` would win over it
 * @returns the credential and where it came from
 * @throws {AuthError} any code of a run up to `credentials-file-wins`
 */
export async function obtainCredential(session: Session, force: boolean): Promise<Resolved> {
  requireSettings(session);
  const { host, log, settings } = session;
  const [resolved, shadows] = await Promise.all([
    withPatience(host, (patient) => resolveCredential(settings, { host: patient, log })),
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
