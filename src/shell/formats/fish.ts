import type { Changes } from "../../core/host.ts";
import type { Format } from "./format.ts";
import { valuesOf } from "../values.ts";

/**
 * fish 3 and newer. The last command is a test that only fish passes, so that the text is an error in every other shell.
 *
 * @see https://fishshell.com/docs/current/language.html#quotes
 * @example
 * ```ts
 * import { Secret } from "../../core/secret.ts";
 * import { fish } from "./fish.ts";
 * import assert from "node:assert/strict";
 *
 * const text = fish.print({ set: [["T", new Secret("it's\n")]], remove: ["U"] }, { env: {}, random: () => "" });
 * assert.equal(text, String.raw`set -eg U; set -q U; and set -gx U ''; set -gx T 'it\'s'\n; set -q T` + "\n");
 * ```
 */
export const fish: Format = {
  name: "fish",
  reader: "fish 3 and newer",
  usage: "set creds (mlflow-auth export --format fish); and eval $creds",
  print: printFish,
  unset: (names) => `${[...names.map(unsetting), "true"].join("; ")}\n`,
  failure: "false\n",
};

function printFish(changes: Changes): string {
  const values = valuesOf(changes, { format: "fish", instead: "json" });
  const code = [
    ...changes.remove.map(unsetting),
    ...values.map(([name, value]) => `set -gx ${name} ${quoted(value)}`),
    ...values.slice(-1).map(([name]) => `set -q ${name}`),
  ];
  return `${code.join("; ")}\n`;
}

// A universal variable that is exported shines through an erased global one: only an empty global hides it.
function unsetting(name: string): string {
  return `set -eg ${name}; set -q ${name}; and set -gx ${name} ''`;
}

// \X spells bytes, in any locale; \u would not.
function quoted(value: string): string {
  return value.replace(/([ -~]+)|(\n)|([^ -~\n]+)/g, (part, printable?: string, newline?: string) => {
    if (printable !== undefined) return `'${printable.replace(/['\\]/g, "\\$&")}'`;
    if (newline !== undefined) return "\\n";
    return Array.from(new TextEncoder().encode(part), (byte) => `\\X${hex(byte)}`).join("");
  });
}

const hex = (byte: number): string => byte.toString(16).padStart(2, "0");
