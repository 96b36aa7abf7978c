import type { Credential } from "../../credential/parse.ts";

/** A credential as it was read. */
export interface FreshCredential {
  readonly credential: Credential;
  /** When it ends, in milliseconds since the Unix epoch, where that is known; of a JWT the proxy reads `exp` by itself. */
  readonly expiresAtMs?: number;
  /** Version of the secret, for the log; `undefined` where there is none. */
  readonly version?: string | undefined;
}
