import { refusal } from "./refusal.ts";

/** How much a format's target holds. */
export interface Room {
  /** The format. */
  readonly format: string;
  /** The size of everything together, in bytes. */
  readonly sizeBytes: number;
  /** The largest size that is held, in bytes. */
  readonly limitBytes: number;
  /** What is so when it is exceeded. */
  readonly reason: string;
}

/**
 * Refuses values that together are too large for a format, and names the largest one.
 *
 * @param values names and values
 * @param room the size, the limit and the sentence
 * @throws AuthError `format-cannot-hold`
 * @example
 * ```ts
 * import { requireRoom } from "./size.ts";
 * import assert from "node:assert/strict";
 *
 * const room = { format: "gitlab", sizeBytes: 9, limitBytes: 8, reason: "the file would be larger than 8 bytes" };
 * assert.throws(() => requireRoom([["U", "a"], ["P", "abc"]], room), /Cannot print "P"/);
 * ```
 */
export function requireRoom(
  values: readonly (readonly [name: string, value: string])[],
  { format, sizeBytes, limitBytes, reason }: Room,
): void {
  if (sizeBytes <= limitBytes) return;
  const [largest] = values.toSorted(([, one], [, other]) => bytesOf(other) - bytesOf(one));
  throw refusal(largest?.[0] ?? "", { format, reason, instead: "json" });
}

/**
 * The size of a text in UTF-8.
 *
 * @param text any text
 * @returns the number of bytes
 * @example
 * ```ts
 * import { bytesOf } from "./size.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(bytesOf("€"), 3);
 * ```
 */
export function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
