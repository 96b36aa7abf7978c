import { type Note, skip } from "./finding.ts";
import type { Steps } from "./steps.ts";

/**
 * What every check of the vault says where none is asked.
 *
 * @param steps the scope among them
 * @returns one note that skips the check, or `undefined` where the credential is a secret of a vault
 * @throws {AuthError} `setting-conflict` where both are asked for
 *
 * @example
 * ```ts
 * import { noVault } from "./no_vault.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(await noVault({ scope: () => Promise.resolve(undefined) }), undefined);
 * ```
 */
export async function noVault(steps: Pick<Steps, "scope">): Promise<readonly Note[] | undefined> {
  return await steps.scope() === undefined
    ? undefined
    : [skip("no vault is asked: the credential is the identity's token")];
}
