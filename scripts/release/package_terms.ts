import { BuildError } from "../build/build.ts";

/** Files of a package that say on what terms it may be passed on. */
const LICENSE = /^(?:licen[cs]e|copying|unlicense)(?:[.-]\w+)*$/i;
const NOTICE = /^(?:notice|third-?party-?notices?)(?:\.\w+)?$/i;

/**
 * The terms of a package, as it brings them itself.
 *
 * @param named the package's name and version
 * @param files texts of the files at its top, by name
 * @returns its license, and below it its notice, where it has one
 * @throws BuildError where it brings no license: what has none must not be passed on
 *
 * @example
 * ```ts
 * import { termsOf } from "./package_terms.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(termsOf("a@1.2.3", new Map([["LICENSE.md", "MIT\n"]])), "MIT");
 * assert.throws(() => termsOf("a@1.2.3", new Map()), /brings no license/);
 * ```
 */
export function termsOf(named: string, files: ReadonlyMap<string, string>): string {
  const textsOf = (pattern: RegExp): readonly string[] =>
    [...files].filter(([name, text]) => pattern.test(name) && text.trim() !== "").map(([, text]) => text.trim());
  const [license] = textsOf(LICENSE);
  if (license === undefined) {
    throw new BuildError(
      `Cannot pass on "${named}": the package brings no license text`,
      "leave the package out, or ask its authors to put their license into it",
    );
  }
  return [license, ...textsOf(NOTICE)].join("\n\n").replaceAll("\r\n", "\n");
}
