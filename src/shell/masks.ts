import type { Changes } from "../core/host.ts";
import { base64 } from "./base64.ts";
import { octal } from "./octal.ts";

/**
 * Prints the commands that make GitHub Actions hide the values in the log: each value, each of its lines (older runners hide no more
 * than one line), its spelling in the `sh` format as `set -x` shows it, and `user:password` in base64 as in an HTTP header.
 * Addresses (`…_URI`) hold no secret and stay readable. A blank line cannot be hidden, and a runner told to stop reading commands shows these.
 *
 * @param changes what is about to be set
 * @returns lines of `::add-mask::`, or `""` for nothing to hide
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#masking-a-value-in-a-log
 * @example
 * ```ts
 * import { Secret } from "../core/secret.ts";
 * import { masks } from "./masks.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(
 *   masks({ set: [["T", new Secret("a%\nb")]] }),
 *   String.raw`::add-mask::a%25%0Ab
 * ::add-mask::a%25
 * ::add-mask::b
 * ::add-mask::a\045\012b
 * `,
 * );
 * ```
 */
export function masks(changes: Pick<Changes, "set">): string {
  const values = changes.set.filter(([name]) => !name.endsWith("_URI")).map(([name, secret]) => ({
    name,
    value: secret.reveal(),
  }));
  const user = values.find(({ name }) => name.endsWith("_USERNAME"))?.value;
  const password = values.find(({ name }) => name.endsWith("_PASSWORD"))?.value;
  const forms = values.flatMap(({ value }) => formsOf(value));
  if (user !== undefined && password !== undefined) forms.push(base64(`${user}:${password}`));
  const hidden = new Set(forms.filter((form) => form.trim() !== ""));
  return [...hidden].map((form) => `::add-mask::${escaped(form)}\n`).join("");
}

function formsOf(value: string): readonly string[] {
  const lines = value.split(/[\r\n]+/).map((line) => line.trim());
  return [value, ...lines, octal(value), octal(value.replaceAll("'", "'\\''"))];
}

// % first, or the other two would be escaped twice.
function escaped(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}
