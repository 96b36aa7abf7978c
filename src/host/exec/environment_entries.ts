const EQUALS = 61;

/** Variables to set and remove, as plain text, and those of which the first alone is kept. */
export interface EntryChanges {
  readonly set: readonly (readonly [name: string, value: string])[];
  readonly remove: readonly string[];
  readonly once?: readonly string[];
}

/**
 * Splits what `/proc/PID/environ` and `/proc/PID/cmdline` hold: strings that each end with a NUL byte.
 *
 * @param bytes the file
 * @returns the strings without their NUL bytes; empty ones count
 */
export function splitAtNul(bytes: Uint8Array<ArrayBuffer>): readonly Uint8Array<ArrayBuffer>[] {
  const entries: Uint8Array<ArrayBuffer>[] = [];
  for (let from = 0; from < bytes.length;) {
    const nul = bytes.indexOf(0, from);
    const to = nul < 0 ? bytes.length : nul;
    entries.push(bytes.subarray(from, to));
    from = to + 1;
  }
  return entries;
}

/** The name in an entry, or `undefined` where there is no `=`. A leading `=` belongs to the name, as in the C libraries. */
function nameOf(entry: Uint8Array<ArrayBuffer>): string | undefined {
  const end = entry.indexOf(EQUALS, 1);
  return end < 0 ? undefined : new TextDecoder("utf-8", { ignoreBOM: true }).decode(entry.subarray(0, end));
}

/**
 * Edits an environment and keeps everything else as it is: order, duplicates, bytes that are no UTF-8, entries without `=`.
 * A variable that is set keeps its place and loses its later duplicates; a new one comes last.
 *
 * @param entries the environment, one `NAME=value` each, in bytes
 * @param changes the variables to set and to remove
 * @returns the new environment
 *
 * @example
 * ```ts
 * import { editEntries } from "./environment_entries.ts";
 * import assert from "node:assert/strict";
 *
 * const entries = ["A=1", "B=2", "A=3"].map((entry) => new TextEncoder().encode(entry));
 * const edited = editEntries(entries, { set: [["A", "x"], ["C", "y"]], remove: ["B"] });
 * assert.deepEqual(edited.map((entry) => new TextDecoder().decode(entry)), ["A=x", "C=y"]);
 * ```
 */
export function editEntries(
  entries: readonly Uint8Array<ArrayBuffer>[],
  changes: EntryChanges,
): readonly Uint8Array<ArrayBuffer>[] {
  const encode = ([name, value]: readonly [string, string]) => new TextEncoder().encode(`${name}=${value}`);
  const values = new Map(changes.set);
  const removed = new Set(changes.remove.filter((name) => !values.has(name)));
  const once = new Set(changes.once);
  const done = new Set<string>();
  const kept = entries.flatMap((entry) => {
    const name = nameOf(entry);
    if (name === undefined) return [entry];
    if (removed.has(name) || done.has(name)) return [];
    const value = values.get(name);
    if (value !== undefined || once.has(name)) done.add(name);
    return [value === undefined ? entry : encode([name, value])];
  });
  return [...kept, ...[...values].filter(([name]) => !done.has(name)).map(encode)];
}

/**
 * Reads an environment as text. Of duplicates the first one counts, as `getenv(3)` has it.
 *
 * @param entries the environment, in bytes
 * @returns the variables; bytes that are no UTF-8 become U+FFFD
 */
export function readEntries(
  entries: readonly Uint8Array<ArrayBuffer>[],
): Readonly<Record<string, string | undefined>> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const variables: Record<string, string | undefined> = Object.create(null);
  for (const entry of entries) {
    const name = nameOf(entry);
    if (name === undefined || name in variables) continue;
    variables[name] = decoder.decode(entry.subarray(entry.indexOf(EQUALS, 1) + 1));
  }
  return variables;
}
