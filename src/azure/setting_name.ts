import type { Setting } from "../core/settings.ts";

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
 * import { readSettings } from "../core/read_settings.ts";
 * import assert from "node:assert/strict";
 *
 * const { settings } = readSettings({ env: { AZURE_KEY_VAULT_URL: "https://team.vault.azure.net" } });
 * assert.equal(nameOf(settings.vaultUrl, "MLFLOW_AZURE_KEY_VAULT_URL"), "AZURE_KEY_VAULT_URL");
 * ```
 */
export function nameOf(setting: Setting<unknown>, fallback: string): string {
  return setting.source.from === "default" ? fallback : setting.source.name;
}
