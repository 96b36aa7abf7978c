import type { Format } from "./format.ts";
import { type Limit, valuesOf } from "../values.ts";

const LIMITS: readonly Limit[] = [
  { reason: "the value holds a control character", exceeded: (value) => /\p{Cc}/u.test(value) },
  { reason: "the value holds a character that is not ASCII", exceeded: (value) => /[^\0-\x7f]/.test(value) },
  { reason: 'the value holds one of % ! " ^ & | < >', exceeded: (value) => /[%!"^&|<>]/.test(value) },
  { reason: "the value is longer than 8000 characters", exceeded: (value) => value.length > 8000 },
];

/**
 * The Windows command prompt. It has no quoting that would hold `%`, `"` and their like, so those values go by way of `pwsh`.
 *
 * @see https://learn.microsoft.com/windows-server/administration/windows-commands/for
 * @example
 * ```ts
 * import { Secret } from "../../core/secret.ts";
 * import { cmd } from "./cmd.ts";
 * import assert from "node:assert/strict";
 *
 * const text = cmd.print({ set: [["T", new Secret("a b")]], remove: ["U"] }, { env: {}, random: () => "" });
 * assert.equal(text, 'set "U="\r\nset "T=a b"\r\n');
 * ```
 */
export const cmd: Format = {
  name: "cmd",
  reader: "the Windows command prompt; in a batch file write %%i for %i",
  usage: `FOR /F "delims=" %i IN ('mlflow-auth export --format cmd') DO @%i`,
  print: (changes) => {
    const values = valuesOf(changes, { format: "cmd", instead: "pwsh", limits: LIMITS });
    return [...changes.remove.map((name) => setting(name, "")), ...values.map(([name, value]) => setting(name, value))]
      .join("");
  },
  unset: (names) => names.map((name) => setting(name, "")).join(""),
  failure: "cmd /c exit 1\r\n",
};

const setting = (name: string, value: string): string => `set "${name}=${value}"\r\n`;
