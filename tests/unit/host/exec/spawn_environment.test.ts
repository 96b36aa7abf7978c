import assert from "node:assert/strict";
import { test } from "node:test";
import { editVariables } from "../../../../src/host/exec/spawn_environment.ts";

test("editVariables() sets in place, removes and appends", () => {
  const edited = editVariables({ A: "1", B: "2", C: undefined, D: "4" }, {
    set: [["B", "x"], ["E", "5"]],
    remove: ["A", "NOT_SET"],
    windows: false,
  });
  assert.deepEqual(Object.entries(edited), [["B", "x"], ["D", "4"], ["E", "5"]]);
});

test("editVariables() tells names by their case, but not on Windows", () => {
  const changes = { set: [["PATH", "new"]], remove: ["TOKEN"] } as const;
  const env = { Path: "old", Token: "t" };
  assert.deepEqual(editVariables(env, { ...changes, windows: false }), { Path: "old", Token: "t", PATH: "new" });
  assert.deepEqual(editVariables(env, { ...changes, windows: true }), { Path: "new" });
});
