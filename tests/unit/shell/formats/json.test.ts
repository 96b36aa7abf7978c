import { test } from "node:test";
import assert from "node:assert/strict";
import { json } from "../../../../src/shell/formats/json.ts";
import { changesOf, NOWHERE, TRICKY } from "../../../support/values.ts";

test("json holds every value, in ASCII", () => {
  const values = [...TRICKY, "", "\0", "\ud800"];
  const back = values.map((value) => {
    const text = json.print(changesOf({ T: value }, ["A"]), NOWHERE);
    assert.match(text, /^[ -~]+\n$/);
    return JSON.parse(text);
  });
  assert.deepEqual(back, values.map((value) => ({ T: value, A: null })));
});

test("json unsets with null, and prints nothing on failure", () => {
  assert.deepEqual([json.unset?.(["A", "B"], NOWHERE), json.failure], ['{"A":null,"B":null}\n', ""]);
});
