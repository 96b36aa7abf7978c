import type { Changes } from "../../core/host.ts";
import type { Format } from "./format.ts";
import { valuesOf } from "../values.ts";

/**
 * PowerShell, 5.1 and newer. One line of ASCII, since `Out-String` decodes with the console's code page; a quote is spelled as a number,
 * since PowerShell takes four other characters for `'` too; no method is called, since ConstrainedLanguage forbids it.
 *
 * @see https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_quoting_rules
 * @example
 * ```ts
 * import { Secret } from "../../core/secret.ts";
 * import { pwsh } from "./pwsh.ts";
 * import assert from "node:assert/strict";
 *
 * const text = pwsh.print({ set: [["T", new Secret("it's")]], remove: ["U"] }, { env: {}, random: () => "" });
 * assert.equal(text, "$env:U=$null; $env:T='it'+[char]39+'s'\n");
 * ```
 */
export const pwsh: Format = {
  name: "pwsh",
  reader: "PowerShell 5.1 and newer",
  usage: "mlflow-auth export --format pwsh | Out-String | Invoke-Expression",
  print: printPwsh,
  unset: (names) => `${names.map(unsetting).join("; ")}\n`,
  failure: "throw 'mlflow-auth export failed'\n",
};

function printPwsh(changes: Changes): string {
  const values = valuesOf(changes, { format: "pwsh", instead: "json" });
  const code = [...changes.remove.map(unsetting), ...values.map(([name, value]) => `$env:${name}=${quoted(value)}`)];
  return `${code.join("; ")}\n`;
}

const unsetting = (name: string): string => `$env:${name}=$null`;

// The first operand decides what + means: it must be a string.
function quoted(value: string): string {
  const parts = value.match(/[ -&(-~]+|[^ -&(-~]/g) ?? [];
  const operands = parts.map((part) => /^[ -&(-~]/.test(part) ? `'${part}'` : `[char]${part.charCodeAt(0)}`);
  return (operands[0]?.startsWith("'") === true ? operands : ["''", ...operands]).join("+");
}
