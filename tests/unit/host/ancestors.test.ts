import assert from "node:assert/strict";
import { test } from "node:test";
import { climb, parentOf, readPsLine } from "../../../src/host/ancestors.ts";

const named = (comm: string) => ({ exe: "", argv: [], comm });

test("parentOf() looks behind a name that holds anything", () => {
  assert.deepEqual(
    [parentOf("12 (bash) S 7 12 12 0"), parentOf("12 (a) S 1) R 9 12"), parentOf(""), parentOf("1 (init) S 0 1")],
    [7, 9, 0, 0],
  );
});

test("readPsLine() reads the parent and the arguments", () => {
  assert.deepEqual(readPsLine("  501 /bin/zsh -l\n"), {
    parent: 501,
    process: { exe: "", argv: ["/bin/zsh", "-l"], comm: "zsh" },
  });
  assert.deepEqual(readPsLine("1 -zsh"), { parent: 1, process: { exe: "", argv: ["-zsh"], comm: "-zsh" } });
  assert.deepEqual([readPsLine(""), readPsLine("   \n")], [undefined, undefined]);
});

test("climb() goes up to the first process, the parent first", () => {
  const tree = new Map([[30, { parent: 20, process: named("sh") }], [20, { parent: 1, process: named("npm") }], [
    1,
    { parent: 0, process: named("init") },
  ]]);
  assert.deepEqual(climb(30, (pid) => tree.get(pid)), [named("sh"), named("npm"), named("init")]);
});

test("climb() stops at 12, and where a process is gone", () => {
  assert.equal(climb(100, (pid) => ({ parent: pid + 1, process: named("sh") })).length, 12);
  assert.deepEqual(climb(5, () => undefined), []);
});
