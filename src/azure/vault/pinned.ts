import { AuthError } from "../../core/errors.ts";
import { CLOUDS } from "../entra/clouds.ts";
import type { TokenSource } from "../http/overlap.ts";
import type { Vault } from "./vault.ts";

/**
 * Gets tokens for the vault alone, whatever its challenge asks for: what answers at its address would get a token for Azure's
 * management, mail or storage otherwise.
 *
 * @param source what gets tokens
 * @param vault where they go. Of Azure's own vaults only their cloud's scope is accepted; of one on loopback or named by the user a
 * scope of vaults in any cloud, or of that host itself
 * @returns a source that asks for no other scope
 * @throws {AuthError} `vault-challenge` from `getToken()`
 *
 * @example
 * ```ts
 * import { pinned } from "./pinned.ts";
 * import assert from "node:assert/strict";
 *
 * const vault = { name: "mlflow", host: "a.vault.azure.net", scope: "https://vault.azure.net/.default", trusted: false };
 * const { getToken } = pinned({ getToken: () => Promise.resolve(null) }, vault);
 * await assert.rejects(getToken("https://management.azure.com/.default"), { code: "vault-challenge" });
 * assert.equal(await getToken("https://vault.azure.net/.default"), null);
 * ```
 */
export function pinned(source: TokenSource, vault: Pick<Vault, "name" | "host" | "scope" | "trusted">): TokenSource {
  const hosts = [vault.host, vault.host.replace(/:\d+$/, "")];
  const scopes = vault.trusted
    ? [...CLOUDS.map(({ scope }): string => scope), ...hosts.map((host) => `https://${host}/.default`)]
    : [vault.scope];
  return {
    async getToken(wanted, options) {
      if ([wanted].flat().every((scope) => scopes.includes(scope))) return await source.getToken(wanted, options);
      throw new AuthError("vault-challenge", {
        message:
          `Cannot read secret "${vault.name}" from "${vault.host}": its challenge asks for a token of another service`,
        remedy: "check the vault's URL, and what stands between: az keyvault list --query '[].properties.vaultUri'",
      });
    },
  };
}
