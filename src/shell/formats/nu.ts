import type { Format } from "./format.ts";
import { printJson } from "./json.ts";
import { valuesOf } from "../values.ts";

/**
 * Nushell, which has no `eval` but loads variables from data; `null` hides one from the commands it starts.
 *
 * @see https://www.nushell.sh/commands/docs/load-env.html
 * @example
 * ```ts
 * import { Secret } from "../../core/secret.ts";
 * import { nu } from "./nu.ts";
 * import assert from "node:assert/strict";
 *
 * const text = nu.print({ set: [["T", new Secret("a b")]], remove: ["U"] }, { env: {}, random: () => "" });
 * assert.equal(text, '{"T":"a b","U":null}\n');
 * ```
 */
export const nu: Format = {
  name: "nu",
  reader: "Nushell",
  usage: "mlflow-auth export --format nu | from json | load-env",
  print: (changes) => {
    valuesOf(changes, { format: "nu", instead: "json" });
    return printJson(changes);
  },
  unset: (names) => printJson({ set: [], remove: names }),
  failure: "",
};
