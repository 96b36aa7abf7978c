import { AuthError } from "../../core/errors.ts";
import { nearest } from "../../core/nearest.ts";
import { plainUrl } from "../../core/settings/forms.ts";
import { settingMissing } from "../../core/settings/missing_setting.ts";
import { assignment, fileOf, nameOf, removal } from "../../core/settings/setting_name.ts";
import type { Settings } from "../../core/settings/settings.ts";
import { type Cloud, CLOUDS } from "../entra/clouds.ts";
import { isLoopback } from "../../core/host_name.ts";
import { locateSecret } from "./secret_identifier.ts";

/** One secret's place. */
export interface Vault {
  /** Such as `https://team-vault.vault.azure.net`, without a slash at the end. */
  readonly origin: string;
  /** Host of the origin, with its port where it is not 443. */
  readonly host: string;
  /** Name of the secret. */
  readonly name: string;
  /** Version id of the secret, or `undefined` for the latest. */
  readonly version: string | undefined;
  readonly cloud: Cloud;
  /** What a token for the vault is asked for. */
  readonly scope: string;
  /** On loopback or named by the user: its challenge need not match its own domain. */
  readonly trusted: boolean;
}

const UNSUPPORTED = [
  { suffix: ".vault.microsoftazure.de", is: "the German cloud closed in 2021" },
  { suffix: ".managedhsm.azure.net", is: "a managed HSM holds keys only, no secrets" },
  { suffix: ".managedhsm.usgovcloudapi.net", is: "a managed HSM holds keys only, no secrets" },
  { suffix: ".managedhsm.azure.cn", is: "a managed HSM holds keys only, no secrets" },
];

/** 3 to 24 letters, digits and single hyphens: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules */
const VAULT_NAME = /^(?!.*--)[a-z][0-9a-z-]{1,22}[0-9a-z]$/;

function checkForm(url: URL, setting: Settings["vaultUrl"]): void {
  const variable = nameOf(setting, "MLFLOW_AZURE_KEY_VAULT_URL");
  const refuse = (is: string, remedy: string): never => {
    throw new AuthError("setting-invalid", {
      message: `Cannot use "${variable}"${fileOf(setting.source)}: ${is}`,
      remedy,
    });
  };
  if (url.username !== "" || url.password !== "") {
    refuse("it holds a user name or password", `set it without them: ${assignment(variable, plainUrl(url))}`);
  }
  if (url.protocol !== "https:") {
    refuse("a vault is asked over https only", assignment(variable, `https://${url.host}${url.pathname}`));
  }
  if (url.search !== "" || url.hash !== "") {
    refuse("it holds a query or fragment", `set it without them: ${assignment(variable, plainUrl(url))}`);
  }
}

const isListed = (url: URL, settings: Settings): boolean =>
  (settings.trustedVaultHosts.value ?? []).some((entry) =>
    [url.hostname, url.host].includes(entry.toLowerCase().replace(/\.$/, ""))
  );

/** A vault's name alone gets its host from the cloud that is set. */
function withSuffix(url: URL, settings: Settings): URL {
  if (!VAULT_NAME.test(url.hostname) || url.port !== "" || isLoopback(url.hostname) || isListed(url, settings)) {
    return url;
  }
  const cloud = CLOUDS.find(({ name }) => name === settings.cloud.value) ?? CLOUDS[0];
  return new URL(`${url.protocol}//${url.hostname}.${cloud.vaultSuffix}${url.pathname}${url.search}${url.hash}`);
}

/** The Key Vault host that somebody meant who wrote another: a letter or two off, without a dot, with another end. */
function meantHost(host: string): string | undefined {
  const [name = "", ...labels] = host.split(".");
  const rest = labels.join(".");
  const suffixes = CLOUDS.map(({ vaultSuffix }): string => vaultSuffix);
  if (suffixes.includes(host)) return undefined;
  const near = nearest(rest, suffixes);
  const end = (text: string): string => text.slice(0, text.lastIndexOf("."));
  const without = suffixes.find((suffix) =>
    suffix === `vault.${rest}` || labels.length > 2 && end(suffix) === end(rest)
  );
  const isNear = (most: number): boolean => near !== undefined && near.distance <= most;
  const meant = isNear(1) ? near?.word : without ?? (isNear(2) ? near?.word : undefined);
  return meant === undefined || !VAULT_NAME.test(name) ? undefined : `${name}.${meant}`;
}

function cloudOf(url: URL, settings: Settings): { cloud: Cloud; trusted: boolean } {
  const host = url.hostname;
  const chosen = CLOUDS.find((cloud) => cloud.name === settings.cloud.value);
  const listed = isListed(url, settings);
  const own = CLOUDS.find((cloud) => host.endsWith(`.${cloud.vaultSuffix}`));
  if (own !== undefined) {
    if (chosen !== undefined && chosen.name !== own.name) {
      throw new AuthError("setting-conflict", {
        message: `Cannot use "${host}": ${nameOf(settings.cloud, "AZURE_CLOUD_ENVIRONMENT")} is ${chosen.name}, ` +
          `but the vault belongs to ${own.name}`,
        remedy: `the vault's host tells its cloud: ${removal(settings.cloud, "AZURE_CLOUD_ENVIRONMENT")}`,
      });
    }
    if (!listed && !VAULT_NAME.test(host.slice(0, -own.vaultSuffix.length - 1))) {
      throw new AuthError("setting-invalid", {
        message: `Cannot use "${host}": a vault's name is 3 to 24 letters, digits and single hyphens`,
        remedy: "look up the vault's URL: az keyvault list --query '[].properties.vaultUri'",
      });
    }
    return { cloud: own, trusted: listed };
  }
  const unsupported = UNSUPPORTED.find((one) => host.endsWith(one.suffix));
  if (unsupported !== undefined) {
    throw new AuthError("vault-unsupported", {
      message: `Cannot use "${host}": ${unsupported.is}`,
      remedy: "put the secret into a Key Vault: " +
        "az keyvault secret set --vault-name <vault> --name <secret> --file <file>",
    });
  }
  if (!listed && !isLoopback(host)) {
    const meant = meantHost(host);
    if (meant !== undefined) {
      const path = /^[\w./-]*$/.test(url.pathname) ? url.pathname : "/";
      throw new AuthError("vault-untrusted", {
        message: `Cannot use "${host}": it is no Key Vault host, but looks like a misspelt one`,
        remedy: assignment(nameOf(settings.vaultUrl, "MLFLOW_AZURE_KEY_VAULT_URL"), `https://${meant}${path}`),
      });
    }
    throw new AuthError("vault-untrusted", {
      message: `Cannot use "${host}": it is not a Key Vault host, and no token may leave for another`,
      remedy: `check the vault's name, or trust this host: export MLFLOW_AZURE_TRUSTED_VAULT_HOSTS=${url.host}`,
    });
  }
  return { cloud: chosen ?? CLOUDS[0], trusted: true };
}

/**
 * Finds the vault and the secret that the settings name, and refuses any host that may not see a token. Sends nothing.
 *
 * @param settings every setting
 * @returns the place of the secret
 * @throws {AuthError} `setting-missing`, `setting-invalid`, `setting-conflict`, `vault-untrusted` or `vault-unsupported`
 *
 * @example
 * ```ts
 * import { locateVault } from "./vault.ts";
 * import { readSettings } from "../../core/settings/read_settings.ts";
 * import assert from "node:assert/strict";
 *
 * const { settings } = readSettings({
 *   env: { MLFLOW_AZURE_KEY_VAULT_URL: "https://team.vault.azure.net/secrets/mlflow" },
 * });
 * const { origin, name, scope } = locateVault(settings);
 * assert.deepEqual({ origin, name, scope }, {
 *   origin: "https://team.vault.azure.net",
 *   name: "mlflow",
 *   scope: "https://vault.azure.net/.default",
 * });
 * ```
 *
 * @see https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#object-identifiers
 */
export function locateVault(settings: Settings): Vault {
  const given = settings.vaultUrl.value;
  if (given === undefined) {
    throw settingMissing(settings.vaultUrl, {
      message: 'Cannot find the vault: "MLFLOW_AZURE_KEY_VAULT_URL" is not set',
      remedy: "export MLFLOW_AZURE_KEY_VAULT_URL=https://NAME.vault.azure.net/",
    });
  }
  const url = withSuffix(given, settings);
  checkForm(url, settings.vaultUrl);
  const { cloud, trusted } = cloudOf(url, settings);
  const { name, version } = locateSecret(url, settings);
  return { origin: url.origin, host: url.host, name, version, cloud, scope: cloud.scope, trusted };
}
