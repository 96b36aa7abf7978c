import { validityProblem, type VaultSecret } from "../../azure/vault/vault_secret.ts";
import type { Vault } from "../../azure/vault/vault.ts";
import type { Check } from "./check.ts";
import { failed, type Note, ok } from "../finding.ts";
import { noVault } from "../no_vault.ts";
import { moment } from "../moment.ts";

/** Everything about a secret but its value. */
export type SecretAttributes = Omit<VaultSecret, "value" | "identity">;

/** Looks at what the vault says of the secret; never at its value. */
export const secret: Check = {
  name: "secret",
  doc: "The secret exists, is enabled and within its dates",
  run: async ({ steps, host }) => {
    const none = await noVault(steps);
    if (none !== undefined) return none;
    const { value: _value, identity: _identity, ...attributes } = await steps.secret();
    return secretNotes(attributes, { vault: await steps.vault(), nowMs: host.now() });
  },
};

/**
 * What a secret's attributes say.
 *
 * @param secret the attributes
 * @param at the secret's place, and the time in milliseconds since the Unix epoch
 * @returns one note that describes it, and a warning for a date that is not kept: Key Vault gives such a secret all the same
 * @see https://learn.microsoft.com/azure/key-vault/secrets/about-secrets#secret-attributes
 *
 * @example
 * ```ts
 * import { secretNotes } from "./secret.ts";
 * import { toVaultSecret } from "../../azure/vault/vault_secret.ts";
 * import assert from "node:assert/strict";
 *
 * const secret = toVaultSecret({ value: "hidden", properties: { version: "01", expiresOn: new Date(0) } }, "azure-cli");
 * const vault = { host: "team.vault.azure.net", name: "mlflow", origin: "https://team.vault.azure.net" };
 * assert.deepEqual(secretNotes(secret, { vault, nowMs: 1 }).map((note) => note.code), [undefined, "secret-expired"]);
 * ```
 */
export function secretNotes(
  secret: SecretAttributes,
  at: { readonly vault: Pick<Vault, "host" | "name" | "origin">; readonly nowMs: number },
): readonly Note[] {
  const problem = validityProblem(secret, at);
  return [
    ok(`"${at.vault.name}": ${describe(secret)}`),
    ...(problem === undefined ? [] : [failed(problem, "warn")]),
  ];
}

function describe(secret: SecretAttributes): string {
  const { version, createdOn, updatedOn, expiresOn, contentType, tagNames } = secret;
  const date = (word: string, at: Date | undefined): string | undefined =>
    at === undefined ? undefined : `${word} ${moment(at.getTime())}`;
  return [
    `version ${version ?? "unknown"}`,
    date("created", createdOn),
    date("updated", updatedOn),
    date("expires", expiresOn) ?? "no expiry date",
    contentType === undefined ? undefined : `content type ${plain(contentType)}`,
    tagNames.length === 0 ? undefined : `tags ${tagNames.map(plain).join(", ")}`,
  ].filter((part) => part !== undefined).join(", ");
}

/** Whoever may write the secret chose these words: a terminal gets plain characters alone. */
const plain = (text: string): string => text.replace(/[^\p{L}\p{N} ._\-+:;/=@]/gu, "?").slice(0, 64);
