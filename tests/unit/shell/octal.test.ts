import { test } from "node:test";
import assert from "node:assert/strict";
import { octal } from "../../../src/shell/octal.ts";

test("octal() keeps letters and digits and spells every other byte with three digits", () => {
  assert.equal(
    octal("aZ09_-.%\x01\x7f\n'é🔑"),
    String.raw`aZ09\137\055\056\045\001\177\012\047\303\251\360\237\224\221`,
  );
});
