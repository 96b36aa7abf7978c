import type { Format } from "./format.ts";
import { valuesOf } from "../values.ts";

/**
 * xonsh. Every character outside letters, digits, `_`, `.` and `-` is spelled as a Python escape.
 *
 * @see https://xon.sh/tutorial.html#environment-variables
 * @example
 * ```ts
 * import { Secret } from "../../core/secret.ts";
 * import { xonsh } from "./xonsh.ts";
 * import assert from "node:assert/strict";
 *
 * const text = xonsh.print({ set: [["T", new Secret("a €")]], remove: ["U"] }, { env: {}, random: () => "" });
 * assert.equal(text, String.raw`${"${...}"}.pop('U', None); ${"${'T'}"} = 'a\x20\u20ac'` + "\n");
 * ```
 */
export const xonsh: Format = {
  name: "xonsh",
  reader: "xonsh",
  usage: "execx($(mlflow-auth export --format xonsh))",
  print: (changes) => {
    const values = valuesOf(changes, { format: "xonsh", instead: "json" });
    const code = [
      ...changes.remove.map(unsetting),
      ...values.map(([name, value]) => `\${'${name}'} = '${value.replace(/[^A-Za-z0-9_.-]/gu, escaped)}'`),
    ];
    return `${code.join("; ")}\n`;
  },
  unset: (names) => `${names.map(unsetting).join("; ")}\n`,
  failure: "raise RuntimeError('mlflow-auth export failed')\n",
};

const unsetting = (name: string): string => `\${...}.pop('${name}', None)`;

function escaped(character: string): string {
  const digits = (character.codePointAt(0) ?? 0).toString(16);
  if (digits.length > 4) return `\\U${digits.padStart(8, "0")}`;
  return digits.length > 2 ? `\\u${digits.padStart(4, "0")}` : `\\x${digits.padStart(2, "0")}`;
}
