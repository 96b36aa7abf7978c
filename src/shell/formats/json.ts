import type { Changes } from "../../core/host.ts";
import type { Format } from "./format.ts";

/**
 * A JSON object for any program: a text sets the variable, `null` removes it. ASCII alone; it holds every value.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8259
 * @example
 * ```ts
 * import { Secret } from "../../core/secret.ts";
 * import { json } from "./json.ts";
 * import assert from "node:assert/strict";
 *
 * const text = json.print({ set: [["T", new Secret("é")]], remove: ["U"] }, { env: {}, random: () => "" });
 * assert.equal(text, String.raw`{"T":"\u00e9","U":null}` + "\n");
 * ```
 */
export const json: Format = {
  name: "json",
  reader: "any program that reads JSON",
  usage: "mlflow-auth export --format json",
  print: printJson,
  unset: (names) => printJson({ set: [], remove: names }),
  failure: "",
};

/**
 * Prints changes as one line of JSON.
 *
 * @param changes what to set and to remove
 * @returns an object of ASCII characters and a newline
 * @example
 * ```ts
 * import { printJson } from "./json.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(printJson({ set: [], remove: ["U"] }), '{"U":null}\n');
 * ```
 */
export function printJson(changes: Changes): string {
  const members = [
    ...changes.set.map(([name, secret]) => [name, secret.reveal()] as const),
    ...changes.remove.map((name) => [name, null] as const),
  ];
  const ascii = JSON.stringify(Object.fromEntries(members)).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `${ascii}\n`;
}
