import { isGuid } from "../shown.ts";

// What stands around a value when it was pasted, or written by a template that nobody filled in.

const QUOTES = ['""', "''", "“”", "‘’"];

/** What was around a value. */
export interface Unwrapped {
  readonly text: string;
  /** What was dropped, as the end of the sentence `"NAME" …`; `undefined` for nothing. */
  readonly dropped: string | undefined;
}

/**
 * Says what is around a value, where there is anything: `docker --env-file` keeps quotes, files end in a line break.
 *
 * @param text a value
 * @returns the end of a sentence such as `stands in quotes`, or `undefined`
 *
 * @example
 * ```ts
 * import { wrapping } from "./as_pasted.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(wrapping('"mlflow"'), "stands in quotes");
 * assert.equal(wrapping("mlflow\n"), "ends in a line break");
 * ```
 */
export function wrapping(text: string): string | undefined {
  const inner = text.trim();
  if (inner.length > 1 && QUOTES.includes(`${inner[0]}${inner.at(-1)}`)) {
    return "stands in quotes";
  }
  if (inner === text) return undefined;
  if (/[\r\n]\s*$/.test(text)) return "ends in a line break";
  return text.trimEnd() === text ? "begins with white space" : "ends in white space";
}

/**
 * Takes white space and one pair of quotes from around a value.
 *
 * @param text a value as it was set
 * @returns what is inside, and what was dropped
 *
 * @example
 * ```ts
 * import { unwrap } from "./as_pasted.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(unwrap(" 'mlflow' "), { text: "mlflow", dropped: "stands in quotes" });
 * ```
 */
export function unwrap(text: string): Unwrapped {
  const dropped = wrapping(text);
  if (dropped === undefined) return { text, dropped };
  const inner = text.trim();
  return { text: dropped === "stands in quotes" ? inner.slice(1, -1).trim() : inner, dropped };
}

/**
 * Decodes what stands for other characters in a part of a URL, where all of it can be.
 *
 * @param text the part
 * @returns the same decoded; as it is where a percent sign encodes nothing, and so is part of the text
 *
 * @example
 * ```ts
 * import { decoded } from "./as_pasted.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(["a%40b", "100%"].map(decoded), ["a@b", "100%"]);
 * ```
 */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// Azure Pipelines, shells and Compose, GitHub, Jinja and Helm, cmd, people, token replacers, App Service.
const REFERENCES: readonly (readonly [RegExp, string])[] = [
  [/@Microsoft\.KeyVault\(/i, "@Microsoft.KeyVault(…)"],
  [/\$\{\{.*\}\}/, "${{ … }}"],
  [/\{\{.*\}\}/, "{{…}}"],
  [/\$\{[A-Za-z_][^}]*\}/, "${…}"],
  [/\$\([A-Za-z_][^)]*\)/, "$(…)"],
  [/^%[A-Za-z_]\w*%$/, "%…%"],
  [/^<[^<>]+>$|\/\/<[^<>]+>/, "<…>"],
  [/^__\w+__$|\/\/__\w+__/, "__…__"],
];

/**
 * Names the kind of a reference that should have been replaced by a value and was not.
 *
 * @param text a value
 * @returns how such references are written, or `undefined`
 *
 * @example
 * ```ts
 * import { unresolved } from "./as_pasted.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(unresolved("$(clientId)"), "$(…)");
 * assert.equal(unresolved("pa$$word"), undefined);
 * ```
 */
export function unresolved(text: string): string | undefined {
  // Most values hold none of these, and an expression costs more than a look.
  if (!["$", "{{", "%", "<", "__", "@M", "@m"].some((mark) => text.includes(mark))) return undefined;
  return REFERENCES.find(([pattern]) => pattern.test(text))?.[1];
}

/**
 * What a path begins with that a shell would have replaced, had it seen it: in an env file, in single quotes or behind `--option=` it
 * did not.
 *
 * @param path the path
 * @returns `~` or a variable, or `undefined`
 *
 * @example
 * ```ts
 * import { shellsOwn } from "./as_pasted.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(["~/sp.pem", "$HOME/sp.pem", "/~/sp.pem"].map(shellsOwn), ["~", "$HOME", undefined]);
 * ```
 */
export const shellsOwn = (path: string): string | undefined => /^(?:~|\$[A-Za-z_]\w*)(?=[/\\])/.exec(path)?.[0];

/**
 * What is wrong with a secret that was refused. A secret is taken as it stands, so what is around it is told when it is too late.
 *
 * @param secret the secret
 * @returns the end of a sentence such as `ends in a line break`, or `undefined`
 *
 * @example
 * ```ts
 * import { flawOf } from "./as_pasted.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(flawOf("$(clientSecret)"), "is a reference that nobody resolved: $(…)");
 * ```
 */
export function flawOf(secret: string): string | undefined {
  const reference = unresolved(secret);
  if (reference !== undefined) return `is a reference that nobody resolved: ${reference}`;
  return wrapping(secret) ?? (isGuid(secret) ? "is a GUID: the id of a secret, not its value" : undefined);
}
