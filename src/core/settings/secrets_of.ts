import type { Settings } from "./settings.ts";

/**
 * What must not be quoted: the texts of the settings that hold a secret.
 *
 * @param settings every setting
 * @returns the texts
 *
 * @example
 * ```ts
 * import { secretsOf } from "./secrets_of.ts";
 * import { readSettings } from "./read_settings.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(secretsOf(readSettings({ env: { AZURE_CLIENT_SECRET: "hidden" } }).settings), ["hidden"]);
 * ```
 */
export function secretsOf(
  { clientSecret, certificatePassword, oidcRequestToken }: Pick<
    Settings,
    "clientSecret" | "certificatePassword" | "oidcRequestToken"
  >,
): readonly string[] {
  return [clientSecret, certificatePassword, oidcRequestToken].flatMap(({ value }) => value?.reveal() ?? []);
}
