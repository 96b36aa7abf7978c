import type { Changes } from "../core/host.ts";
import { refusal } from "./refusal.ts";

/** Something that a format's target cannot hold. */
export interface Limit {
  /** What is so, such as `the value holds a line break`. */
  readonly reason: string;
  /** Whether this value is beyond the limit. */
  readonly exceeded: (value: string) => boolean;
}

/** Who asks for the values. */
export interface Target {
  /** The format that will print them. */
  readonly format: string;
  /** A format that holds what this one cannot. */
  readonly instead: string;
  /** What this format cannot hold, besides what no environment can. */
  readonly limits?: readonly Limit[];
}

// TextEncoder would turn a lone surrogate into U+FFFD without a word: a wrong value.
const COMMON: readonly (Limit & { readonly instead: string })[] = [
  { reason: "the value is empty", exceeded: (value) => value === "", instead: "json" },
  { reason: "the value holds a NUL", exceeded: (value) => value.includes("\0"), instead: "json" },
  { reason: "the value is not valid Unicode", exceeded: (value) => !value.isWellFormed(), instead: "json" },
];

/**
 * Takes the values out of their secrets, or refuses them.
 *
 * @param changes what is to be set
 * @param target the format, its limits, and the format to name where they are exceeded
 * @returns names and values in the order of the changes; each value is at least one character of valid Unicode without NUL
 * @throws AuthError `format-cannot-hold`, which names the variable and the kind of character, never the value
 * @example
 * ```ts
 * import { Secret } from "../core/secret.ts";
 * import { valuesOf } from "./values.ts";
 * import assert from "node:assert/strict";
 *
 * const changes = { set: [["T", new Secret("a b")]], remove: [] } as const;
 * assert.deepEqual(valuesOf(changes, { format: "sh", instead: "json" }), [["T", "a b"]]);
 * ```
 */
export function valuesOf(
  changes: Pick<Changes, "set">,
  { format, instead, limits = [] }: Target,
): readonly (readonly [name: string, value: string])[] {
  return changes.set.map(([name, secret]) => {
    const value = secret.reveal();
    const beyond = [...COMMON, ...limits.map((limit) => ({ ...limit, instead }))].find((limit) =>
      limit.exceeded(value)
    );
    if (beyond !== undefined) throw refusal(name, { format, reason: beyond.reason, instead: beyond.instead });
    return [name, value] as const;
  });
}

/**
 * Tells whether a value means the same bare in every shell and file format: letters, digits, `_`, `.` and `-`, as in a JWT.
 *
 * @param value the text of a variable
 * @returns whether it needs no quoting at all
 * @example
 * ```ts
 * import { isPlain } from "./values.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(isPlain("eyJ0eXAi.e30.x-_"), true);
 * assert.equal(isPlain("a b"), false);
 * ```
 */
export function isPlain(value: string): boolean {
  return /^[A-Za-z0-9_.-]+$/.test(value);
}
