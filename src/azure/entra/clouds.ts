/** One Azure cloud: who signs tokens there and what its vaults are called. */
export interface Cloud {
  readonly name: "AzurePublicCloud" | "AzureUSGovernment" | "AzureChinaCloud";
  /** Origin of Entra ID. */
  readonly authority: string;
  /** Other hosts of the same authority. */
  readonly aliases: readonly string[];
  /** What the host of every vault ends in, without the dot. */
  readonly vaultSuffix: string;
  /** What a token for a vault is asked for. */
  readonly scope: string;
}

/**
 * The clouds, by the suffix of their vaults.
 *
 * @see https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#dns-suffixes-for-object-identifiers
 */
export const CLOUDS = [
  {
    name: "AzurePublicCloud",
    authority: "https://login.microsoftonline.com",
    aliases: ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"],
    vaultSuffix: "vault.azure.net",
    scope: "https://vault.azure.net/.default",
  },
  {
    name: "AzureUSGovernment",
    authority: "https://login.microsoftonline.us",
    aliases: ["login.microsoftonline.us", "login.usgovcloudapi.net"],
    vaultSuffix: "vault.usgovcloudapi.net",
    scope: "https://vault.usgovcloudapi.net/.default",
  },
  {
    name: "AzureChinaCloud",
    authority: "https://login.partner.microsoftonline.cn",
    aliases: ["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
    vaultSuffix: "vault.azure.cn",
    scope: "https://vault.azure.cn/.default",
  },
] as const satisfies readonly Cloud[];

/**
 * The name of a vault, as Azure's own commands take it.
 *
 * @param host its host
 * @returns the name, `undefined` for a host that is none of a cloud's vaults
 *
 * @example
 * ```ts
 * import { vaultName } from "./clouds.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(["team.vault.azure.cn", "127.0.0.1:8443"].map(vaultName), ["team", undefined]);
 * ```
 */
export function vaultName(host: string): string | undefined {
  const [name = "", ...suffix] = host.split(".");
  return CLOUDS.some(({ vaultSuffix }) => vaultSuffix === suffix.join(".")) ? name : undefined;
}
