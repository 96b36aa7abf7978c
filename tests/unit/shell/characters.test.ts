import { test } from "node:test";
import assert from "node:assert/strict";
import { LINE_BREAK, NONCHARACTER } from "../../../src/shell/characters.ts";

test("LINE_BREAK is a newline or a carriage return, and no other separator", () => {
  assert.deepEqual(["a\nb", "\r", "\v\f\u0085\u2028"].map(LINE_BREAK.exceeded), [true, true, false]);
});

test("NONCHARACTER is one of the 66 reserved code points", () => {
  const all = Array.from({ length: 0x110000 }, (_, code) => code).filter((code) => code < 0xd800 || code > 0xdfff);
  assert.equal(all.filter((code) => NONCHARACTER.exceeded(String.fromCodePoint(code))).length, 66);
});
