import type { Changes } from "../../core/host.ts";
import type { Format } from "./format.ts";
import { octal } from "../octal.ts";
import { isPlain, valuesOf } from "../values.ts";

/**
 * Any POSIX shell: sh, dash, bash, zsh, ksh, mksh, yash, busybox, quoted or not. Tokens print as readable code; a value with any
 * other character than letters, digits, `_`, `.` and `-` makes the whole code an armoured one, which an unquoted `eval` cannot break:
 *
 * - the octal spells code, not the value: a command substitution strips final newlines, and this code ends in a quote;
 * - backquotes, since zsh takes parentheses for a pattern under `GLOB_SUBST`; octal, since dash and yash know no `$'…'`;
 * - `&&`, since an `IFS` that holds `;` would turn it into a blank; no comment and no option, since all is one line to `eval`;
 * - double quotes context the substitution, so that its result is not split a second time.
 *
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html
 * @example
 * ```ts
 * import { Secret } from "../../core/secret.ts";
 * import { sh } from "./sh.ts";
 * import assert from "node:assert/strict";
 *
 * const context = { env: {}, random: () => "" };
 * const print = (value: string) => sh.print({ set: [["T", new Secret(value)]], remove: ["U"] }, context);
 * assert.equal(print("e30.e30"), "unset U && export T='e30.e30'\n");
 * assert.equal(print("a b"), 'eval "`printf ' + String.raw`'unset\040U\040\046\046\040export\040T\075\047a\040b\047'` + '`"\n');
 * ```
 */
export const sh: Format = {
  name: "sh",
  reader: "sh, dash, bash, zsh, ksh, mksh, yash, busybox and every other POSIX shell",
  usage: 'creds=$(mlflow-auth export --format sh) && eval "$creds"',
  print: printSh,
  unset: (names) => `${unsetting(names).join("")}\n`,
  failure: "false\n",
};

function printSh(changes: Changes): string {
  const values = valuesOf(changes, { format: "sh", instead: "json" });
  const code = [
    ...unsetting(changes.remove),
    ...values.map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'`),
  ].join(" && ");
  return values.every(([, value]) => isPlain(value)) ? `${code}\n` : `eval "\`printf '${octal(code)}'\`"\n`;
}

// Nothing at all for no names: a bare `unset` is a usage error in yash and mksh.
function unsetting(names: readonly string[]): readonly string[] {
  return names.length === 0 ? [] : [`unset ${names.join(" ")}`];
}
