import { AuthError } from "../../core/errors.ts";
import type { FailureContext } from "./failure_context.ts";

/**
 * What helps where a service is asked too often: more time, or fewer who ask.
 *
 * @param context what the service asked for, and the time that a run has
 * @returns the remedy
 */
export function morePatience({ busy, deadlineSec }: Pick<FailureContext, "busy" | "deadlineSec">): string {
  const askedSec = Math.ceil((busy?.retryAfterMs ?? 0) / 1000);
  const wait = askedSec > 0 ? `wait ${askedSec} s, or let the run wait` : "try again in a minute, or let the run wait";
  const enough = Math.max(60, deadlineSec, askedSec + 15);
  return `${wait}: --deadline ${enough}; where many start at once, let one read for all: --cache`;
}

/**
 * The error for a service other than Key Vault that answers "not now", whatever the SDK made of it.
 *
 * @param context who is busy, and the names to fill in
 * @returns `entra-throttled` or `managed-identity-busy`; `undefined` where nobody is, or the vault
 */
export function explainBusy(context: FailureContext & { readonly cause?: unknown }): AuthError | undefined {
  const { busy, authority, vault, identity, cause } = context;
  if (busy === undefined || busy.host === vault?.host) return undefined;
  if (busy.host === authority.host) {
    if (busy.status !== 429) return undefined;
    return new AuthError("entra-throttled", {
      message: `Cannot get a token from "${authority.host}": Entra ID is asked too often (429)`,
      remedy: morePatience(context),
      cause,
    });
  }
  if (identity.name !== "managed-identity") return undefined;
  return new AuthError("managed-identity-busy", {
    message: `Cannot get a token as "${identity.title}": its endpoint at ${busy.host} ${
      busy.status === 429 ? "is asked too often" : "is not ready"
    } (${busy.status})`,
    remedy: morePatience(context),
    cause,
  });
}
