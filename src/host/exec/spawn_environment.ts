import type { EntryChanges } from "./environment_entries.ts";

/**
 * Edits an environment of text variables, for a command that is spawned.
 *
 * @param env the variables
 * @param changes the variables to set and to remove, and whether names differ by their case alone only elsewhere (Windows)
 * @returns the new variables, in their old order
 */
export function editVariables(
  env: Readonly<Record<string, string | undefined>>,
  changes: EntryChanges & { readonly windows: boolean },
): Record<string, string> {
  const key = (name: string): string => changes.windows ? name.toUpperCase() : name;
  const values = new Map(changes.set.map(([name, value]) => [key(name), value]));
  const removed = new Set(changes.remove.map(key));
  const edited: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || (removed.has(key(name)) && !values.has(key(name)))) continue;
    edited[name] = values.get(key(name)) ?? value;
    values.delete(key(name));
  }
  for (const [name, value] of changes.set) if (values.has(key(name))) edited[name] = value;
  return edited;
}
