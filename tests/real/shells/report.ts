import assert from "node:assert/strict";
import process from "node:process";
import { randomValues, TRICKY } from "../../support/values.ts";

/** Values for each shell and mode. */
export const VALUES = Number(process.env["SHELLS_VALUES"] ?? "20000");
/** Where the random values begin; the same seed gives the same values. */
export const SEED = Number(process.env["SHELLS_SEED"] ?? String(Math.floor(Math.random() * 1e9)));

/** The values of one shell and mode: the tricky ones, then random ones. */
export function valuesFor(
  name: string,
  count: number = VALUES,
): { readonly seed: number; readonly values: readonly string[] } {
  const seed = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1e9, SEED);
  const values = [...TRICKY, ...randomValues(seed, Math.max(0, count - TRICKY.length))];
  return { seed, values: values.slice(0, Math.max(count, 1)) };
}

/** A value that did not come back, as it may be shown: the values of these tests are no secrets. */
export interface Failure {
  readonly where: string;
  readonly value: string;
  readonly got: string;
}

/** What one shell and mode gave. */
export interface Outcome {
  readonly name: string;
  readonly values: number;
  /** Values that the format refused. */
  readonly refused?: number;
  readonly seed: number;
  readonly failures: readonly Failure[];
}

/** Waits for outcomes one after the other, prints a line for each, and shows the first failures. */
export async function checked(name: string, outcomes: readonly (() => Promise<Outcome>)[]): Promise<void> {
  const beganMs = performance.now();
  for (const start of outcomes) {
    const outcome = await start();
    console.log(lineOf(outcome));
    assert.deepEqual(outcome.failures.slice(0, 3), []);
  }
  console.log(`${name}: ${Math.round((performance.now() - beganMs) / 1000)} s`);
}

function lineOf({ name, values, refused = 0, seed, failures }: Outcome): string {
  const skipped = refused === 0 ? "" : `, ${refused} refused`;
  return `${name}: ${values} values, ${failures.length} failures${skipped}, seed ${seed}`;
}
