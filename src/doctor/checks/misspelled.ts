import { nearest } from "../../core/nearest.ts";
import { SETTINGS } from "../../core/settings.ts";
import type { Check } from "./check.ts";
import { type Note, ok, warn } from "../finding.ts";

const KNOWN: readonly string[] = SETTINGS.flatMap((row): readonly string[] => row.names);

/** Names of which mlflow-auth has every one, so that any other is an error. */
const OURS = /^MLFLOW_(AZURE|SECRETS)_(?!AUTH_ENABLE_)/;

/** Looks for variables that look like a setting with a typing error. */
export const misspelled: Check = {
  name: "names",
  doc: "No variable looks like a setting with a typing error",
  run: ({ variables }) => {
    const notes = variables().flatMap(noteOf);
    return Promise.resolve(notes.length === 0 ? [ok("no variable looks misspelled")] : notes);
  },
};

function noteOf(name: string): readonly Note[] {
  const meant = settingMeantBy(name);
  return meant === undefined ? [] : [warn("setting-misspelled", {
    message: `Cannot use "${name}": not a setting, did you mean "${meant}"`,
    remedy: `export ${meant}=…, and unset ${name}`,
  })];
}

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
  if (KNOWN.includes(name)) return undefined;
  const meant = nearest(name, KNOWN.filter((known) => /^(MLFLOW|AZURE)_/.test(known)));
  if (meant === undefined) return undefined;
  const farthest = OURS.test(name) ? 8 : meant.word.replaceAll("_", "").length < 16 ? 1 : 2;
  return meant.distance <= farthest ? meant.word : undefined;
}
