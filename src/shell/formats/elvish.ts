import type { Format } from "./format.ts";
import { valuesOf } from "../values.ts";

/**
 * Elvish. Everything but printable ASCII is spelled as an escape.
 *
 * @see https://elv.sh/ref/language.html#double-quoted-string
 * @example
 * ```ts
 * import { Secret } from "../../core/secret.ts";
 * import { elvish } from "./elvish.ts";
 * import assert from "node:assert/strict";
 *
 * const text = elvish.print({ set: [["T", new Secret('"é\n')]], remove: ["U"] }, { env: {}, random: () => "" });
 * assert.equal(text, String.raw`unset-env U; set-env T "\"\u00e9\x0a"` + "\n");
 * ```
 */
export const elvish: Format = {
  name: "elvish",
  reader: "Elvish",
  usage: "eval (mlflow-auth export --format elvish | slurp)",
  print: (changes) => {
    const values = valuesOf(changes, { format: "elvish", instead: "json" });
    const code = [
      ...changes.remove.map(unsetting),
      ...values.map(([name, value]) => `set-env ${name} "${value.replace(/["\\]|[^ -~]/gu, escaped)}"`),
    ];
    return `${code.join("; ")}\n`;
  },
  unset: (names) => `${names.map(unsetting).join("; ")}\n`,
  failure: "fail 'mlflow-auth export failed'\n",
};

const unsetting = (name: string): string => `unset-env ${name}`;

function escaped(character: string): string {
  if (character === '"' || character === "\\") return `\\${character}`;
  const digits = (character.codePointAt(0) ?? 0).toString(16);
  if (digits.length > 4) return `\\U${digits.padStart(8, "0")}`;
  // \x spells a byte: beyond ASCII it would not be UTF-8.
  return character < "\x80" ? `\\x${digits.padStart(2, "0")}` : `\\u${digits.padStart(4, "0")}`;
}
