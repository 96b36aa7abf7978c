import { decoded } from "./as_pasted.ts";

// A vault as people have it at hand: its URL, its name, what the portal shows in the address bar, what App Service is given.

const SUFFIXES: Readonly<Record<string, string>> = {
  "vaultcore.azure.net": "vault.azure.net",
  "vaultcore.usgovcloudapi.net": "vault.usgovcloudapi.net",
  "vaultcore.azure.cn": "vault.azure.cn",
};
/** Hosts whose addresses hold a resource's id: the portal's, and Azure Resource Manager's. */
const BY_RESOURCE: Readonly<Record<string, string>> = {
  "portal.azure.com": ".vault.azure.net",
  "portal.azure.us": ".vault.usgovcloudapi.net",
  "portal.azure.cn": ".vault.azure.cn",
  "management.azure.com": ".vault.azure.net",
  "management.usgovcloudapi.net": ".vault.usgovcloudapi.net",
  "management.chinacloudapi.cn": ".vault.azure.cn",
};

/** The parameters of `@Microsoft.KeyVault(…)`, the names in lower case. */
function parametersOf(reference: string): Readonly<Record<string, string>> {
  const pairs = reference.split(";").map((pair) => /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(pair) ?? ["", "", ""]);
  return Object.fromEntries(pairs.map(([, name = "", value = ""]) => [name.toLowerCase(), value]));
}

function fromReference(reference: string): string | undefined {
  const { secreturi, vaultname, secretname, secretversion = "" } = parametersOf(reference);
  if (vaultname === undefined || secretname === undefined) return secreturi;
  return `https://${vaultname}/secrets/${secretname}/${secretversion}`.replace(/\/+$/, "");
}

function fromResource(text: string, suffix: string): string | undefined {
  const found =
    /\/providers\/Microsoft\.KeyVault\/vaults\/([\w-]+)(?:\/secrets\/([\w-]+)(?:\/(?:versions\/)?([0-9a-f]{32}))?)?/i
      .exec(text);
  if (found === null) return undefined;
  const [, vault = "", ...secret] = found;
  const path = secret.filter((part) => part !== undefined).join("/");
  return `https://${vault}${suffix}/${path === "" ? "" : `secrets/${path}`}`;
}

/** The portal's address holds a resource's id, or the secret's own URL. */
function fromPortal(text: string): string | undefined {
  const host = /^https:\/\/([a-z.]+)(?:[/?#]|$)/i.exec(text)?.[1]?.toLowerCase() ?? "";
  const suffix = Object.hasOwn(BY_RESOURCE, host) ? BY_RESOURCE[host] : undefined;
  if (suffix === undefined) return undefined;
  const plain = decoded(text);
  const own = /https:\/\/[\w.-]+\/secrets\/[\w-]+(?:\/[0-9a-f]{32})?/i.exec(plain.slice(8));
  const found = own?.[0] ?? fromResource(plain, suffix);
  if (found === undefined) throw new TypeError(`it is an address of ${host} that names no vault`);
  return found;
}

/** A private endpoint's name answers for the vault's own, whose certificate is for that one alone. */
function withoutPrivateLink(url: string): string {
  return url.replace(
    /^(https?:\/\/[0-9a-z-]+)\.(?:privatelink\.)?(vaultcore\.[a-z.]+)(?=[/:]|$)/i,
    (whole, name: string, suffix: string) => {
      const own = SUFFIXES[suffix.toLowerCase()];
      return own === undefined ? whole : `${name}.${own}`;
    },
  );
}

/**
 * The URL of a vault, from any of the forms in which people have it at hand.
 *
 * @param text a URL, a host, a vault's name alone, an id of Azure Resource Manager, an address of the portal, the name of a private
 * endpoint, or `@Microsoft.KeyVault(…)` of App Service
 * @returns the URL as text; a host without a dot is a vault's name, whose suffix the cloud decides
 * @throws {TypeError} for an address of the portal, or of Azure Resource Manager, that names none
 *
 * @see https://learn.microsoft.com/azure/app-service/app-service-key-vault-references
 *
 * @example
 * ```ts
 * import { vaultReference } from "./vault_reference.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(vaultReference("team"), "https://team/");
 * assert.equal(vaultReference("team.vault.azure.net"), "https://team.vault.azure.net");
 * assert.equal(vaultReference("@Microsoft.KeyVault(VaultName=team;SecretName=mlflow)"), "https://team/secrets/mlflow");
 * ```
 */
export function vaultReference(text: string): string {
  const reference = /^@Microsoft\.KeyVault\((.*)\)$/i.exec(text)?.[1];
  if (reference !== undefined) return withoutPrivateLink(fromReference(reference) ?? text);
  const resource = /^\/?subscriptions\//i.test(text) ? fromResource(text, "") : fromPortal(text);
  if (resource !== undefined) return resource;
  if (/^[0-9A-Za-z-]+$/.test(text)) return `https://${text}/`;
  return withoutPrivateLink(/^[\w.-]+(?::\d+)?(?:[/?#]|$)/.test(text) ? `https://${text}` : text);
}
