import { pathWord, showPath } from "../shown.ts";
import type { Setting, Source } from "./settings.ts";

/**
 * The name under which a setting was given.
 *
 * @param setting the setting
 * @param fallback its first variable, for one that nobody set
 * @returns the variable or option, such as `--vault-url`
 *
 * @example
 * ```ts
 * import { nameOf } from "./setting_name.ts";
 * import { readSettings } from "./read_settings.ts";
 * import assert from "node:assert/strict";
 *
 * const { settings } = readSettings({ env: { AZURE_KEY_VAULT_URL: "https://team.vault.azure.net" } });
 * assert.equal(nameOf(settings.vaultUrl, "MLFLOW_AZURE_KEY_VAULT_URL"), "AZURE_KEY_VAULT_URL");
 * ```
 */
export function nameOf(setting: Setting<unknown>, fallback: string): string {
  return setting.source.from === "default" ? fallback : setting.source.name;
}

/**
 * Where a setting stands whose name alone does not tell it.
 *
 * @param source the source of a {@link Setting}
 * @returns the file in brackets behind a blank, to follow the name; else an empty text
 *
 * @example
 * ```ts
 * import { fileOf } from "./setting_name.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(fileOf({ from: "file", name: "MLFLOW_AZURE_SECRET_NAME", path: "prod.env" }), " (file prod.env)");
 * assert.equal(fileOf({ from: "environment", name: "MLFLOW_AZURE_SECRET_NAME" }), "");
 * ```
 */
export function fileOf(source: Source): string {
  return source.from === "file" ? ` (file ${showPath(source.path)})` : "";
}

/**
 * How to give a setting another value, as a remedy says it.
 *
 * @param name a variable, or an option such as `--vault-url`
 * @param value the value; it must need no quotes
 * @returns a command to paste, or the option to pass
 *
 * @example
 * ```ts
 * import { assignment } from "./setting_name.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(assignment("AZURE_CLOUD_ENVIRONMENT", "AzureChinaCloud"), "export AZURE_CLOUD_ENVIRONMENT=AzureChinaCloud");
 * assert.equal(assignment("--cloud", "AzureChinaCloud"), "pass --cloud AzureChinaCloud");
 * ```
 */
export function assignment(name: string, value: string): string {
  return name.startsWith("--") ? `pass ${name} ${value}` : `export ${name}=${value}`;
}

/**
 * How to take a setting away, as a remedy says it: by the way it was given.
 *
 * @param setting the setting
 * @param fallback its first variable, for one that nobody set
 * @returns a command to paste, or the option to leave out
 *
 * @example
 * ```ts
 * import { removal } from "./setting_name.ts";
 * import assert from "node:assert/strict";
 *
 * const name = "AZURE_AUTHORITY_HOST";
 * assert.equal(removal({ source: { from: "environment", name } }, name), "unset AZURE_AUTHORITY_HOST");
 * const source = { from: "file", name, path: ".env" } as const;
 * assert.equal(removal({ source }, name), String.raw`sed -i '/^[^#]*\bAZURE_AUTHORITY_HOST *[=: ]/d' .env`);
 * assert.equal(removal({ source: { from: "flag", name: "--cloud" } }, name), "leave out --cloud");
 * ```
 */
export function removal({ source }: Pick<Setting<unknown>, "source">, fallback: string): string {
  // The name may stand behind `export` or `set -gx`, be a part of a longer one, and be spoken of in a comment.
  if (source.from === "file") return `sed -i '/^[^#]*\\b${source.name} *[=: ]/d' ${pathWord(source.path)}`;
  const name = source.from === "default" ? fallback : source.name;
  return name.startsWith("--") ? `leave out ${name}` : `unset ${name}`;
}
