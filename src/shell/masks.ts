import type { Changes } from "../core/host.ts";
import { base64 } from "./base64.ts";
import { octal } from "./octal.ts";

/**
 * Prints the commands that make GitHub Actions hide a token or a password in the log: the value, each of its lines (older runners hide
 * no more than one line), its spelling in JSON, in a URL and in the `sh` format as `set -x` shows it, and what an HTTP header has of it
 * in base64, the token alone or `user:password`. The user name alone stays readable, as addresses do: a runner that hides a common word
 * drops the outputs of jobs that hold it. A blank line cannot be hidden, and a runner told to stop reading commands shows these.
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
 * const text = masks({ set: [["MLFLOW_TRACKING_TOKEN", new Secret("abc")]] });
 * assert.equal(text, "::add-mask::abc\n::add-mask::YWJj\n");
 * ```
 */
export function masks(changes: Pick<Changes, "set">): string {
  const valueOf = (end: string): string | undefined => changes.set.find(([name]) => name.endsWith(end))?.[1].reveal();
  const [token, user, password] = [valueOf("_TOKEN"), valueOf("_USERNAME"), valueOf("_PASSWORD")];
  const forms = [token, password].flatMap((value) => value === undefined ? [] : formsOf(value));
  if (token !== undefined) forms.push(base64(token));
  if (user !== undefined && password !== undefined) forms.push(base64(`${user}:${password}`));
  const hidden = new Set(forms.filter((form) => form.trim() !== ""));
  return [...hidden].map((form) => `::add-mask::${escaped(form)}\n`).join("");
}

function formsOf(value: string): readonly string[] {
  const lines = value.split(/[\r\n]+/).map((line) => line.trim());
  const [json, url] = [JSON.stringify(value).slice(1, -1), encodeURIComponent(value)];
  return [value, ...lines, json, url, octal(value), octal(value.replaceAll("'", "'\\''"))];
}

// % first, or the other two would be escaped twice.
function escaped(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}
