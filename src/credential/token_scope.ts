import { AuthError } from "../core/errors.ts";
import { nameOf, removal } from "../core/settings/setting_name.ts";
import type { Setting, Settings } from "../core/settings/settings.ts";

/**
 * The scope of the access token that is the credential, where one was asked for.
 *
 * @param settings the scope, and what would ask for a secret of a vault
 * @returns the scope, or `undefined` where the credential is a secret
 * @throws {AuthError} `setting-conflict` where both are asked for, or a user name and password
 *
 * @example
 * ```ts
 * import { tokenScopeOf } from "./token_scope.ts";
 * import { readSettings } from "../core/settings/read_settings.ts";
 * import assert from "node:assert/strict";
 *
 * const { settings } = readSettings({ env: { MLFLOW_AZURE_TOKEN_SCOPE: "api://mlflow.example" } });
 * assert.equal(tokenScopeOf(settings), "api://mlflow.example/.default");
 * ```
 */
export function tokenScopeOf(settings: Settings): string | undefined {
  const { tokenScope, vaultUrl, secretName, authMode } = settings;
  if (tokenScope.value === undefined) return undefined;
  const scope = nameOf(tokenScope, "MLFLOW_AZURE_TOKEN_SCOPE");
  const refuse = (other: Setting<unknown>, { name, is }: { readonly name: string; readonly is: string }): AuthError => {
    const rival = nameOf(other, name);
    return new AuthError("setting-conflict", {
      message: `Cannot use "${scope}" together with "${rival}": ${is}`,
      remedy: `to use the secret: ${removal(tokenScope, scope)}; to use the identity's own token: ${
        removal(other, rival)
      }`,
    });
  };
  const both = "the credential is either a token of the identity or a secret of a vault";
  if (vaultUrl.value !== undefined) throw refuse(vaultUrl, { name: "MLFLOW_AZURE_KEY_VAULT_URL", is: both });
  if (secretName.value !== undefined) throw refuse(secretName, { name: "MLFLOW_AZURE_SECRET_NAME", is: both });
  if (authMode.value === "basic") {
    throw refuse(authMode, { name: "MLFLOW_AZURE_AUTH_MODE", is: "an access token is a bearer token" });
  }
  return tokenScope.value;
}
