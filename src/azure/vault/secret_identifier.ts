import { AuthError } from "../../core/errors.ts";
import { settingMissing } from "../../core/settings/missing_setting.ts";
import { secretsOf } from "../../core/settings/secrets_of.ts";
import { isQuotable } from "../../core/shown.ts";
import type { Setting, Settings } from "../../core/settings/settings.ts";
import { assignment, fileOf, nameOf, removal } from "../../core/settings/setting_name.ts";

/** Which secret of a vault. */
export interface SecretIdentifier {
  readonly name: string;
  /** Version id, or `undefined` for the latest. */
  readonly version: string | undefined;
}

/** A setting, and the name under which it was given. */
interface Named {
  readonly setting: Setting<unknown>;
  readonly variable: string;
}

const invalid = (
  { setting, variable }: Named,
  { is, remedy }: { readonly is: string; readonly remedy: string },
): AuthError =>
  new AuthError("setting-invalid", { message: `Cannot use "${variable}"${fileOf(setting.source)}: ${is}`, remedy });

function fromPath(url: URL, named: Named): Partial<SecretIdentifier> {
  const [kind, name, version, ...rest] = url.pathname.split("/").slice(1);
  if (kind === undefined || kind === "") {
    if (name === undefined) return {};
  } else if (kind === "secrets" && rest.every((part) => part === "")) {
    return {
      ...(name === undefined || name === "" ? {} : { name }),
      version: version === undefined || version === "" ? undefined : version,
    };
  }
  throw invalid(named, {
    is: kind === "keys" || kind === "certificates"
      ? `it names one of the vault's ${kind}, not a secret`
      : "its path is not /secrets/NAME or /secrets/NAME/VERSION",
    remedy: assignment(named.variable, `${url.origin}/`),
  });
}

interface Twice extends Named {
  readonly inUrl: string | undefined;
  readonly set: string | undefined;
  readonly what: string;
}

function agree({ inUrl, set, setting, variable, what }: Twice): void {
  // Key Vault ignores the case of names and versions.
  if (inUrl === undefined || set === undefined || inUrl.toLowerCase() === set.toLowerCase()) return;
  throw new AuthError("setting-conflict", {
    message: `Cannot tell which ${what} to read: the vault URL says "${inUrl}", ${variable} says "${set}"`,
    remedy: `take the ${what} out of the vault URL, or: ${removal(setting, variable)}`,
  });
}

/** A wrong name helps to see what is wrong with it, unless it may be something else. */
const quoted = (name: string, settings: Settings): string =>
  isQuotable(name, secretsOf(settings)) ? `, not "${name}"` : "";

/**
 * Finds which secret is meant, by the vault's URL and by the settings of its own.
 *
 * @param url the vault's URL, which may be a full secret identifier
 * @param settings the settings that may name the secret too
 * @returns the secret's name and version
 * @throws {AuthError} `setting-missing`, `setting-invalid` or `setting-conflict`
 *
 * @example
 * ```ts
 * import { locateSecret } from "./secret_identifier.ts";
 * import { readSettings } from "../../core/settings/read_settings.ts";
 * import assert from "node:assert/strict";
 *
 * const { settings } = readSettings({ env: { MLFLOW_AZURE_SECRET_NAME: "mlflow" } });
 * assert.deepEqual(locateSecret(new URL("https://team.vault.azure.net"), settings), { name: "mlflow", version: undefined });
 * ```
 *
 * @see https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#object-identifiers
 */
export function locateSecret(url: URL, settings: Settings): SecretIdentifier {
  const { vaultUrl, secretName, secretVersion } = settings;
  const named = (setting: Setting<unknown>, first: string): Named => ({ setting, variable: nameOf(setting, first) });
  const byUrl = named(vaultUrl, "MLFLOW_AZURE_KEY_VAULT_URL");
  const byName = named(secretName, "MLFLOW_AZURE_SECRET_NAME");
  const byVersion = named(secretVersion, "MLFLOW_AZURE_SECRET_VERSION");
  const inUrl = fromPath(url, byUrl);
  const set = secretVersion.source.from === "default" ? undefined : secretVersion.value;
  agree({ ...byName, inUrl: inUrl.name, set: secretName.value, what: "secret" });
  agree({ ...byVersion, inUrl: inUrl.version, set, what: "version" });

  const name = inUrl.name ?? secretName.value;
  if (name === undefined) {
    throw settingMissing(secretName, {
      message: 'Cannot find the secret: "MLFLOW_AZURE_SECRET_NAME" is not set, and the vault URL names none',
      remedy:
        `name it: export MLFLOW_AZURE_SECRET_NAME=<name>; to list them: az keyvault secret list --id ${url.origin}`,
    });
  }
  if (!/^[0-9a-zA-Z-]{1,127}$/.test(name)) {
    throw invalid(inUrl.name === undefined ? byName : byUrl, {
      is: `a secret's name is 1 to 127 letters, digits and hyphens${quoted(name, settings)}`,
      remedy: "look up the name: az keyvault secret list --id " + url.origin,
    });
  }
  const asked = inUrl.version ?? secretVersion.value;
  const version = asked.toLowerCase() === "latest" ? undefined : asked;
  if (version !== undefined && !/^[0-9a-zA-Z]{32}$/.test(version)) {
    throw invalid(inUrl.version === undefined ? byVersion : byUrl, {
      is: "a version is latest, or an id of 32 letters and digits",
      remedy: `look up the ids: az keyvault secret list-versions --id ${url.origin}/secrets/${name}`,
    });
  }
  return { name, version };
}
