import { nearest } from "../nearest.ts";
import { SETTINGS } from "./settings.ts";

/** Names of which mlflow-auth has every one but those of the Python plugin, so that any other is an error. */
const OURS = /^MLFLOW_(AZURE|SECRETS)_(?!AUTH_ENABLE_|MAX_RETRIES$)/;

/**
 * The setting that a variable's name was probably meant to be.
 *
 * @param name name of a variable
 * @returns the nearest setting's name, or `undefined` for a name that is right, or that is nothing like a setting's
 *
 * @example
 * ```ts
 * import { settingMeantBy } from "./misspelled.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(settingMeantBy("AZURE_TENNANT_ID"), "AZURE_TENANT_ID");
 * assert.equal(settingMeantBy("MLFLOW_TRACKING_TOKEN"), undefined);
 * ```
 */
export function settingMeantBy(name: string): string | undefined {
  const known = SETTINGS.flatMap((row): readonly string[] => row.names);
  if (known.includes(name)) return undefined;
  const meant = nearest(name, known.filter((likely) => /^(MLFLOW|AZURE)_/.test(likely)));
  if (meant === undefined) return undefined;
  const farthest = OURS.test(name) ? 8 : meant.word.replaceAll("_", "").length < 16 ? 1 : 2;
  return meant.distance <= farthest ? meant.word : undefined;
}
