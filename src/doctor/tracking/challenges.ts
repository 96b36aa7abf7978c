/** One way to authenticate that a server asks for. */
export interface Challenge {
  /** In lower case: `basic`, `bearer`, `negotiate`. */
  readonly scheme: string;
  /** Its parameters by name in lower case; quotes are taken off. */
  readonly parameters: Readonly<Record<string, string>>;
}

const TOKEN = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
const VALUE = /"(?:[^"\\]|\\.)*"?|[^\s,]*/y;

/**
 * Reads every challenge of `WWW-Authenticate`: of several headers, which arrive joined, and of several in one.
 *
 * @param header the header's value; an empty one holds none
 * @returns the challenges in order
 * @see RFC 9110, section 11.6.1
 *
 * @example
 * ```ts
 * import { readChallenges } from "./challenges.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(readChallenges('Basic realm="a, b", Bearer error="invalid_token", NTLM'), [
 *   { scheme: "basic", parameters: { realm: "a, b" } },
 *   { scheme: "bearer", parameters: { error: "invalid_token" } },
 *   { scheme: "ntlm", parameters: {} },
 * ]);
 * ```
 */
export function readChallenges(header: string): readonly Challenge[] {
  const challenges: { scheme: string; parameters: Record<string, string> }[] = [];
  let at = 0;
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const [found = ""] = pattern.exec(header) ?? [];
    at += found.length;
    return found;
  };
  while (at < header.length) {
    take(/[\s,]+/y);
    const word = take(TOKEN);
    if (word === "") {
      // Nothing that the grammar knows: on to the next comma.
      if (take(/[^,]+/y) === "") break;
      continue;
    }
    const current = challenges.at(-1);
    if (current !== undefined && take(/\s*=(?!=*\s*(?:,|$))\s*/y) !== "") {
      const value = take(VALUE);
      current.parameters[word.toLowerCase()] = value.replace(/^"|"$/g, "").replace(/\\(.)/g, "$1");
      continue;
    }
    challenges.push({ scheme: word.toLowerCase(), parameters: {} });
    // A scheme may be followed by one opaque text in place of parameters, as Negotiate's is.
    take(/ +[A-Za-z0-9._~+/-]+=*(?=\s*(?:,|$))/y);
  }
  return challenges;
}
