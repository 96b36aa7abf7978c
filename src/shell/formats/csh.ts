import type { Changes } from "../../core/host.ts";
import type { Format } from "./format.ts";
import { octal } from "../octal.ts";
import { isPlain, type Limit, valuesOf } from "../values.ts";

/** Where bsd-csh says "Word too long". */
const WORD_LENGTH = 4080;

/**
 * The Berkeley csh, whose command substitution drops every newline: `tcsh` holds what it cannot. (The csh of macOS and FreeBSD is tcsh.)
 *
 * @example
 * ```ts
 * import { Secret } from "../../core/secret.ts";
 * import { csh } from "./csh.ts";
 * import assert from "node:assert/strict";
 *
 * const text = csh.print({ set: [["T", new Secret("a!")]], remove: ["U"] }, { env: {}, random: () => "" });
 * assert.equal(text, 'unsetenv U;setenv T "`printf ' + String.raw`'a\041'` + '`"\n');
 * ```
 */
export const csh: Format = cshFormat("csh", [
  { reason: "the value holds a line break", exceeded: (value) => value.includes("\n") },
  { reason: "the value is too long for a word of csh", exceeded: (value) => quoted(value).length > WORD_LENGTH },
]);

/**
 * tcsh. A newline needs 6.23.01 or newer; an older one says so and sets nothing.
 *
 * @example
 * ```ts
 * import { Secret } from "../../core/secret.ts";
 * import { tcsh } from "./csh.ts";
 * import assert from "node:assert/strict";
 *
 * const text = tcsh.print({ set: [["T", new Secret("a\nb")]], remove: [] }, { env: {}, random: () => "" });
 * assert.equal(text, `setenv T "\`printf 'a'\`"$'\\n'"\`printf 'b'\`"\n`);
 * ```
 */
export const tcsh: Format = cshFormat("tcsh", []);

function cshFormat(name: "csh" | "tcsh", limits: readonly Limit[]): Format {
  return {
    name,
    reader: name === "csh" ? "the Berkeley csh of Linux" : "tcsh, and csh of macOS and FreeBSD",
    usage: `eval \`mlflow-auth export --format ${name}\``,
    print: (changes) => printCsh(changes, { name, limits }),
    unset: (names) => `${names.map(unsetting).join(";")}\n`,
    failure: "false\n",
  };
}

function printCsh(
  changes: Changes,
  { name, limits }: { readonly name: string; readonly limits: readonly Limit[] },
): string {
  const values = valuesOf(changes, { format: name, instead: name === "csh" ? "tcsh" : "json", limits });
  const code = [
    ...changes.remove.map(unsetting),
    ...values.map(([variable, value]) => `setenv ${variable} ${quoted(value)}`),
  ];
  return `${code.join(";")}\n`;
}

const unsetting = (name: string): string => `unsetenv ${name}`;

// In octal there is no `!`, which csh expands inside every kind of quotes.
function quoted(value: string): string {
  if (isPlain(value)) return `'${value}'`;
  return value.split("\n").map((line) => line === "" ? "" : `"\`printf '${octal(line)}'\`"`).join("$'\\n'");
}
