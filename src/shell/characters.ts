import type { Limit } from "./values.ts";

/**
 * The limit of a format that has one line for each variable.
 *
 * @example
 * ```ts
 * import { LINE_BREAK } from "./characters.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(LINE_BREAK.exceeded("a\r"), true);
 * ```
 */
export const LINE_BREAK: Limit = {
  reason: "the value holds a line break",
  exceeded: (value) => /[\r\n]/.test(value),
};

/**
 * The limit of systemd, which drops a variable that holds a code point reserved as a noncharacter, such as U+FFFE.
 *
 * @see https://www.unicode.org/faq/private_use.html#noncharacters
 * @example
 * ```ts
 * import { NONCHARACTER } from "./characters.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(NONCHARACTER.exceeded("\ufdd0"), true);
 * assert.equal(NONCHARACTER.exceeded("\ufffd"), false);
 * ```
 */
export const NONCHARACTER: Limit = {
  reason: "the value holds a Unicode noncharacter",
  exceeded: (value) => /\p{Noncharacter_Code_Point}/u.test(value),
};
