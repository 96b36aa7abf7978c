import type { Check } from "./check.ts";
import { errorOf } from "../error_of.ts";
import { ok } from "../finding.ts";
import { noVault } from "../no_vault.ts";

/** Looks whether the vault takes the token and lets the identity read secrets. */
export const vault: Check = {
  name: "vault",
  doc: "The vault takes the token and lets the identity read secrets",
  run: async ({ steps }) => {
    const none = await noVault(steps);
    if (none !== undefined) return none;
    const error = await errorOf(steps.secret);
    // A vault that says something of the secret has let us in.
    if (error !== undefined && !error.code.startsWith("secret-")) throw error;
    return [ok(`"${(await steps.vault()).host}" lets the identity read secrets`)];
  },
};
