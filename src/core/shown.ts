// What may be shown of a text that stands for a path, an id or a word: people paste the content of a file where its path is asked for.

const MOST_PATH = 256;
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DOMAIN = /^(?=.{1,253}$)([0-9a-z]([0-9a-z-]{0,61}[0-9a-z])?\.)+[a-z][0-9a-z-]{0,61}[0-9a-z]$/i;

// Base64 of `-----BEGIN `, of `{"` (the head of a token, encoded once more), and of the DER of a certificate or a PKCS#12 file.
const ENCODED: readonly (readonly [RegExp, string])[] = [
  [/^LS0tLS1CRUdJTi[A-Za-z0-9+/=_-]*$/, "a PEM in base64"],
  [/^ZXlK[A-Za-z0-9+/=_-]{36,}$/, "a token in base64"],
  [/^MI[I-L][A-Za-z0-9+/_-]{60,}=*$/, "a certificate in base64"],
];

/**
 * Names the secret that a text looks like.
 *
 * @param text what stands where a path, an id or a name is asked for
 * @returns such as `a PEM` or `a token`; `undefined` for what looks like none
 *
 * @example
 * ```ts
 * import { secretLook } from "./shown.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(secretLook("-----BEGIN PRIVATE KEY-----\nMIIE…"), "a PEM");
 * assert.equal(secretLook("/etc/sp.pem"), undefined);
 * ```
 */
export function secretLook(text: string): string | undefined {
  if (text.includes("BEGIN ")) return "a PEM";
  if (/^\s*\{\s*"/.test(text)) return "JSON";
  if (text.includes("@") && /^\s*[a-z][a-z0-9+.-]*:\/\/[^/?#]*@/i.test(text)) return "a URL with a user name";
  // What is shorter, or begins like none, is none: an expression costs more than a look.
  const start = text.trimStart();
  if (start.length < 30 || !(["ey", "LS", "ZX", "MI"].includes(start.slice(0, 2)) || start.startsWith("Q~", 4))) {
    return undefined;
  }
  const bare = text.replaceAll(/\s/g, "");
  if (/^[\w-]{8,}\.[\w-]{4,}\.[\w-]*$/.test(bare) && bare.startsWith("ey")) return "a token";
  if (/^.{3}\dQ~[\w.~-]{31,}$/.test(bare)) return "a client secret";
  return ENCODED.find(([pattern]) => pattern.test(bare))?.[1];
}

/** Whether a text is a GUID. */
export const isGuid = (text: string): boolean => GUID.test(text);

/** Whether a text is a domain of two labels or more. */
export const isDomain = (text: string): boolean => DOMAIN.test(text);

/**
 * A path as people may see it.
 *
 * @param path the path, or what somebody took for one
 * @returns the path where it is one short line that looks like no secret, else words in brackets
 *
 * @example
 * ```ts
 * import { showPath } from "./shown.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(showPath("/etc/sp.pem"), "/etc/sp.pem");
 * assert.equal(showPath("/etc\n/sp.pem"), "[not one line]");
 * ```
 */
export function showPath(path: string): string {
  const look = secretLook(path);
  if (look !== undefined) return `[${look}]`;
  if (path.length >= MOST_PATH) return `[${path.length} characters]`;
  return /[\r\n\u2028\u2029]/.test(path) ? "[not one line]" : path;
}

/**
 * An id of Entra ID as people may see it.
 *
 * @param id the id, or what somebody took for one
 * @returns a GUID or a domain as it is, else words in brackets
 *
 * @example
 * ```ts
 * import { showId } from "./shown.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(showId("contoso.onmicrosoft.com"), "contoso.onmicrosoft.com");
 * assert.equal(showId("Zq38Q~hunter2"), "[neither a GUID nor a domain]");
 * ```
 */
export function showId(id: string): string {
  if (isGuid(id) || (isDomain(id) && secretLook(id) === undefined)) return id;
  return `[${secretLook(id) ?? "neither a GUID nor a domain"}]`;
}

/**
 * An id for messages and command lines, where it may be seen.
 *
 * @param id the id, or what somebody took for one
 * @returns the id, or `undefined`
 *
 * @example
 * ```ts
 * import { shownId } from "./shown.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(shownId("Zq38Q~hunter2"), undefined);
 * ```
 */
export function shownId(id: string | undefined): string | undefined {
  return id !== undefined && showId(id) === id ? id : undefined;
}

/**
 * Whether a wrong word may be quoted: short, of plain characters, and nothing that a secret is set to.
 *
 * @param word what was written
 * @param secrets texts of the settings that hold one
 * @returns true where nothing is given away
 *
 * @example
 * ```ts
 * import { isQuotable } from "./shown.ts";
 * import assert from "node:assert/strict";
 *
 * assert.ok(isQuotable("digest", []));
 * assert.ok(!isQuotable("hunter2", ["hunter2"]));
 * ```
 */
export function isQuotable(word: string, secrets: readonly string[]): boolean {
  return /^[A-Za-z0-9/-]{1,20}$/.test(word) && !secrets.includes(word);
}

/**
 * A path as a word of a command line to paste.
 *
 * @param path the path, or what somebody took for one
 * @returns the path, in quotes where a shell needs them; `<file>` where it may not be seen
 *
 * @example
 * ```ts
 * import { pathWord } from "./shown.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(pathWord("/home/ada/my app.pem"), "'/home/ada/my app.pem'");
 * assert.equal(pathWord("-----BEGIN PRIVATE KEY-----"), "<file>");
 * ```
 */
export function pathWord(path: string): string {
  if (showPath(path) !== path || path === "<file>") return "<file>";
  return /^[\w./:@%+,=-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
