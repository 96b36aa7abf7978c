import { test } from "node:test";
import assert from "node:assert/strict";
import { pwsh } from "../../../../src/shell/formats/pwsh.ts";
import { changesOf, NOWHERE, randomValues, TRICKY } from "../../../support/values.ts";

/** What PowerShell makes of an assignment: single-quoted texts and numbered UTF-16 units, added up. */
function read(text: string): string {
  const expression = /^\$env:T=(.*)\n$/.exec(text)?.[1] ?? "";
  assert.match(expression, /^'[ -&(-~]*'(?:\+(?:'[ -&(-~]+'|\[char\][0-9]+))*$/);
  return Array.from(
    expression.matchAll(/'([^']*)'|\[char\](\d+)/g),
    ([, literal, unit]) => literal ?? String.fromCharCode(Number(unit)),
  ).join("");
}

test("pwsh begins with a text, since the first operand decides what + means", () => {
  assert.equal(
    pwsh.print(changesOf({ T: "\u2019a🔑" }, ["A", "B"]), NOWHERE),
    "$env:A=$null; $env:B=$null; $env:T=''+[char]8217+'a'+[char]55357+[char]56593\n",
  );
});

test("pwsh comes back unit for unit, in one line of ASCII", () => {
  const wrong = [...TRICKY, ...randomValues(20260102, 2000)].filter((value) =>
    read(pwsh.print(changesOf({ T: value }), NOWHERE)) !== value
  );
  assert.deepEqual(wrong, []);
});

test("pwsh unsets with $null, and fails by throwing", () => {
  assert.deepEqual([pwsh.unset?.(["A", "B"], NOWHERE), pwsh.failure], [
    "$env:A=$null; $env:B=$null\n",
    "throw 'mlflow-auth export failed'\n",
  ]);
});
