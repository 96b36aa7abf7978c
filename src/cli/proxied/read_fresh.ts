import { obtain } from "../../credential/obtain.ts";
import type { FreshCredential } from "../../proxy/credential/fresh_credential.ts";
import { withPatience } from "../patience.ts";
import type { Session } from "../session.ts";

/**
 * Reads a credential for a proxy, as `exec` does; and from where it is kept alone where the one that the proxy has is not good any more.
 *
 * @param session the settings and the world
 * @param anew whether what the kernel keeps is passed over
 * @returns the credential with what is known of it
 * @throws {AuthError} any code of a run up to `credential-mode`
 */
export async function readFresh(session: Session, anew: boolean): Promise<FreshCredential> {
  const { host, log, settings } = session;
  const { credential, expiresAtMs, version } = await withPatience(
    host,
    (patient) => obtain(settings, { host: patient, log, fresh: anew || session.fresh === true }),
  );
  return { credential, version, ...(expiresAtMs === undefined ? {} : { expiresAtMs }) };
}
