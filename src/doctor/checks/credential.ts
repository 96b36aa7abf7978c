import type { TokenFacts } from "../../azure/entra/token_facts.ts";
import { AuthError } from "../../core/errors.ts";
import { unresolved } from "../../core/settings/as_pasted.ts";
import type { Credential as Accepted } from "../../credential/parse.ts";
import type { Check } from "./check.ts";
import { type Claims, readClaims } from "../../credential/claims.ts";
import { failed, type Note, ok, warn } from "../finding.ts";
import { moment } from "../moment.ts";

/** Looks at what the secret holds: its kind and, for a JSON Web Token, what it says of itself. */
export const credential: Check = {
  name: "credential",
  doc: "The secret holds a credential that MLflow accepts, and one that has not expired",
  run: async ({ steps, settings, host }) => {
    const accepted = await steps.credential();
    if (await steps.scope() !== undefined) return accessTokenNotes(await steps.token(), host.now());
    const { name } = await steps.vault();
    return credentialNotes(accepted, { name, mode: settings.authMode.value, nowMs: host.now() });
  },
};

/**
 * What a credential shows without showing itself.
 *
 * @param accepted the credential
 * @param context the secret's name, the mode that was set, and the time in milliseconds since the Unix epoch
 * @returns one note; for a JSON Web Token one about its dates
 *
 * @example
 * ```ts
 * import { credentialNotes } from "./credential.ts";
 * import { Secret } from "../../core/secret.ts";
 * import assert from "node:assert/strict";
 *
 * const notes = credentialNotes({ kind: "bearer", token: new Secret("abc") }, { name: "mlflow", nowMs: 0 });
 * assert.equal(notes[0]?.message, "bearer token, by its shape");
 * ```
 */
export function credentialNotes(
  accepted: Accepted,
  context: { readonly name: string; readonly mode?: string | undefined; readonly nowMs: number },
): readonly Note[] {
  const how = context.mode === undefined ? "by its shape" : `as MLFLOW_AZURE_AUTH_MODE=${context.mode} asks for`;
  if (accepted.kind === "basic") return [ok(`user name and password, ${how}`)];
  const claims = readClaims(accepted.token.reveal());
  if (claims === undefined) {
    const other = lookOf(accepted.token.reveal());
    const note = ok(`bearer token, ${how}`);
    return other === undefined || context.mode !== undefined ? [note] : [
      note,
      warn("credential-mode", {
        message: `Cannot rely on secret "${context.name}" as a token: it looks like ${other.is}`,
        remedy: other.remedy,
      }),
    ];
  }
  const audience = claims.audience === undefined ? "" : ` for audience ${claims.audience}`;
  return [ok(`bearer token, ${how}; JSON Web Token${audience}`), ...dateNotes(claims, context)];
}

/**
 * What an access token of the identity's own says as a credential.
 *
 * @param facts what it says
 * @param nowMs milliseconds since the Unix epoch
 * @returns one note with its end; where that is near, how a longer run goes on
 *
 * @example
 * ```ts
 * import { accessTokenNotes } from "./credential.ts";
 * import assert from "node:assert/strict";
 *
 * const facts = { tenantId: undefined, appId: undefined, objectId: undefined, expiresAtMs: 3_600_000 };
 * assert.equal(
 *   accessTokenNotes(facts, 0)[0]?.message,
 *   "bearer token of the identity, for 60 minutes; exec --proxy keeps a longer run going",
 * );
 * ```
 */
export function accessTokenNotes({ expiresAtMs }: TokenFacts, nowMs: number): readonly Note[] {
  const minutes = Math.max(0, Math.floor((expiresAtMs - nowMs) / 60_000));
  return [
    ok(
      minutes < 120
        ? `bearer token of the identity, for ${minutes} minutes; exec --proxy keeps a longer run going`
        : `bearer token of the identity, valid until ${moment(expiresAtMs)}`,
    ),
  ];
}

/** What is taken as a token because any text is one, and was probably meant as something else. */
function lookOf(token: string): { readonly is: string; readonly remedy: string } | undefined {
  const remedy = 'store {"token": "…"} or {"username": "…", "password": "…"} in it';
  if (/^[[{"]|^(?:null|true|false)$/.test(token)) return { is: "JSON, but no object", remedy };
  const reference = unresolved(token);
  if (reference !== undefined) return { is: `a reference that nobody resolved: ${reference}`, remedy };
  if (/^https?:/i.test(token)) return { is: "a URL", remedy };
  if (/^[A-Z]+(?:_[A-Z]+)+=./.test(token)) return { is: "a line that sets a variable", remedy };
  if (!/^[^:/\s]+:[^:\s]+$/.test(token)) return undefined;
  return { is: "user:password", remedy: "export MLFLOW_AZURE_AUTH_MODE=basic" };
}

function dateNotes(
  { expiresAtMs, notBeforeMs }: Claims,
  { name, nowMs }: { readonly name: string; readonly nowMs: number },
): readonly Note[] {
  const because = (so: string): { message: string; remedy: string } => ({
    message: `Cannot use the token in secret "${name}": ${so}`,
    remedy: "store a new one: az keyvault secret set --vault-name <vault> --name " + name + " --file secret.txt",
  });
  if (expiresAtMs !== undefined && expiresAtMs <= nowMs) {
    return [failed(new AuthError("credential-expired", because(`it expired on ${moment(expiresAtMs)}`)))];
  }
  if (notBeforeMs !== undefined && notBeforeMs > nowMs) {
    return [warn("credential-expired", because(`it is valid from ${moment(notBeforeMs)} on`))];
  }
  if (expiresAtMs === undefined) return [];
  const minutes = Math.floor((expiresAtMs - nowMs) / 60_000);
  const left = `valid until ${moment(expiresAtMs)}`;
  return [ok(minutes >= 120 ? left : `${left}, for ${minutes} minutes; exec --proxy keeps a longer run going`)];
}
