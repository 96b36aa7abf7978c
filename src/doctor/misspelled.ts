import { SETTINGS } from "../core/settings.ts";
import type { Check } from "./checks.ts";
import { type Note, ok, warn } from "./finding.ts";

const KNOWN: readonly string[] = SETTINGS.flatMap((row): readonly string[] => row.names);

/** Names of which mlflow-auth has every one, so that any other is an error. */
const OURS = /^MLFLOW_(AZURE|SECRETS)_(?!AUTH_ENABLE_)/;

/** Looks for variables that look like a setting with a typing error. */
export const misspelled: Check = {
  name: "names",
  doc: "No variable looks like a setting with a typing error",
  run: ({ host }) => {
    const notes = Object.keys(host.env).filter((name) => (host.env[name] ?? "") !== "").sort().flatMap(noteOf);
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
  const candidates = KNOWN.filter((known) => /^(MLFLOW|AZURE)_/.test(known))
    .map((known) => ({ known, distance: distanceOf(plain(name), plain(known)) }))
    .sort((left, right) => left.distance - right.distance);
  const nearest = candidates[0];
  if (nearest === undefined) return undefined;
  const farthest = OURS.test(name) ? 8 : plain(nearest.known).length < 16 ? 1 : 2;
  return nearest.distance <= farthest ? nearest.known : undefined;
}

const plain = (name: string): string => name.toUpperCase().replaceAll("_", "");

/** Insertions, deletions, replacements and swaps of neighbours that turn one word into the other. */
function distanceOf(from: string, to: string): number {
  let twoBack: number[] = [];
  let oneBack = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current.push(Math.min(
        (oneBack[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (oneBack[column - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (twoBack[column - 2] ?? 0) + 1 : Infinity,
      ));
    }
    twoBack = oneBack;
    oneBack = current;
  }
  return oneBack[to.length] ?? 0;
}
