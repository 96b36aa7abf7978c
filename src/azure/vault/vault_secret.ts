import type { KeyVaultSecret } from "@azure/keyvault-secrets";
import { AuthError } from "../../core/errors.ts";
import { Secret } from "../../core/secret.ts";
import { vaultName } from "../entra/clouds.ts";
import type { Vault } from "./vault.ts";

/** A secret and what the vault says about it. */
export interface VaultSecret {
  readonly value: Secret;
  /** Version id. */
  readonly version: string | undefined;
  readonly contentType: string | undefined;
  readonly createdOn: Date | undefined;
  readonly updatedOn: Date | undefined;
  /** After it the vault still gives the secret. */
  readonly expiresOn: Date | undefined;
  /** Before it the vault gives the secret already. */
  readonly notBefore: Date | undefined;
  readonly enabled: boolean | undefined;
  readonly tagNames: readonly string[];
  /** Name of the identity that read it. */
  readonly identity: string;
}

/**
 * Keeps of the SDK's answer what is used here.
 *
 * @param secret the SDK's answer
 * @param identity name of the identity that read it
 * @returns the secret; no value at all is an empty one
 *
 * @example
 * ```ts
 * import { toVaultSecret } from "./vault_secret.ts";
 * import assert from "node:assert/strict";
 *
 * const secret = toVaultSecret({ value: "hidden", properties: { version: "a1" } }, "managed-identity");
 * assert.equal(secret.value.reveal(), "hidden");
 * assert.equal(secret.version, "a1");
 * ```
 */
export function toVaultSecret(
  secret: Pick<KeyVaultSecret, "value"> & {
    readonly properties: Partial<
      Pick<
        KeyVaultSecret["properties"],
        "version" | "contentType" | "createdOn" | "updatedOn" | "expiresOn" | "notBefore" | "enabled" | "tags"
      >
    >;
  },
  identity: string,
): VaultSecret {
  const { properties } = secret;
  // What the vault says besides the value is never a reason to fail.
  const date = (at: Date | undefined): Date | undefined => Number.isNaN(at?.getTime()) ? undefined : at;
  return {
    value: new Secret(secret.value ?? ""),
    version: properties.version,
    contentType: properties.contentType,
    createdOn: date(properties.createdOn),
    updatedOn: date(properties.updatedOn),
    expiresOn: date(properties.expiresOn),
    notBefore: date(properties.notBefore),
    enabled: properties.enabled,
    tagNames: Object.keys(properties.tags ?? {}).sort(),
    identity,
  };
}

const day = (date: Date): string => date.toISOString().slice(0, 10);

/**
 * What is wrong with a secret's dates, as an error that does not stop anything: Key Vault gives such a secret all the same.
 *
 * @param secret its dates
 * @param at its place and the time, in milliseconds since the Unix epoch
 * @returns `secret-expired`, `secret-not-yet-valid` or `undefined`
 *
 * @see https://learn.microsoft.com/azure/key-vault/secrets/about-secrets#secret-attributes
 */
export function validityProblem(
  secret: Pick<VaultSecret, "expiresOn" | "notBefore">,
  at: { readonly vault: Pick<Vault, "host" | "name" | "origin">; readonly nowMs: number },
): AuthError | undefined {
  const { expiresOn, notBefore } = secret;
  const { vault, nowMs } = at;
  const called = vaultName(vault.host);
  const where = called === undefined
    ? `--id ${vault.origin}/secrets/${vault.name}`
    : `--vault-name ${called} --name ${vault.name}`;
  const remedy = `put a new version: az keyvault secret set ${where} --file <file>`;
  const what = `Cannot rely on secret "${vault.name}" of "${vault.host}"`;
  if (expiresOn !== undefined && expiresOn.getTime() <= nowMs) {
    return new AuthError("secret-expired", { message: `${what}: it expired on ${day(expiresOn)}`, remedy });
  }
  if (notBefore !== undefined && notBefore.getTime() > nowMs) {
    return new AuthError("secret-not-yet-valid", {
      message: `${what}: it is valid from ${day(notBefore)} on`,
      remedy,
    });
  }
  return undefined;
}

/**
 * The same as one line for the log.
 *
 * @param secret its dates
 * @param at its place and the time, in milliseconds since the Unix epoch
 * @returns such as `secret "mlflow" of "team.vault.azure.net" expired on 2026-01-31`, or `undefined`
 */
export function validityWarning(
  secret: Pick<VaultSecret, "expiresOn" | "notBefore">,
  at: { readonly vault: Pick<Vault, "host" | "name" | "origin">; readonly nowMs: number },
): string | undefined {
  const problem = validityProblem(secret, at);
  return problem?.message.replace("Cannot rely on ", "").replace(": it ", " ");
}
