/** A word and how far it is. */
export interface Near {
  readonly word: string;
  /** Insertions, deletions, replacements and swaps of neighbours. */
  readonly distance: number;
}

const plain = (word: string): string => word.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

/**
 * The word that somebody probably meant.
 *
 * @param word what was written
 * @param known the words there are
 * @returns the nearest one, by letters and digits alone and in any case; `undefined` where there are none
 * @see https://en.wikipedia.org/wiki/Damerau%E2%80%93Levenshtein_distance
 *
 * @example
 * ```ts
 * import { nearest } from "./nearest.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(nearest("--secret-nmae", ["--vault-url", "--secret-name"]), { word: "--secret-name", distance: 1 });
 * ```
 */
export function nearest(word: string, known: readonly string[]): Near | undefined {
  const from = plain(word);
  return known
    .map((candidate) => ({ word: candidate, distance: distanceOf(from, plain(candidate)) }))
    .toSorted((one, other) => one.distance - other.distance)[0];
}

function distanceOf(from: string, to: string): number {
  let twoBack: readonly number[] = [];
  let oneBack: readonly number[] = Array.from({ length: to.length + 1 }, (_, index) => index);
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
