import assert from "node:assert/strict";
import { test } from "node:test";
import { climb, layoutOf, parentOf, readPsLine } from "../../../src/host/ancestors.ts";

const named = (comm: string) => ({ pid: 1, exe: "", argv: [], comm, layout: "" });

test("parentOf() looks behind a name that holds anything", () => {
  assert.deepEqual(
    [parentOf("12 (bash) S 7 12 12 0"), parentOf("12 (a) S 1) R 9 12"), parentOf(""), parentOf("1 (init) S 0 1")],
    [7, 9, 0, 0],
  );
});

test("readPsLine() reads the parent and the arguments", () => {
  assert.deepEqual(readPsLine("  501 /bin/zsh -l\n", 9), {
    parent: 501,
    process: { pid: 9, exe: "", argv: ["/bin/zsh", "-l"], comm: "zsh", layout: "" },
  });
  assert.deepEqual(readPsLine("1 -zsh", 9), {
    parent: 1,
    process: { pid: 9, exe: "", argv: ["-zsh"], comm: "-zsh", layout: "" },
  });
  assert.deepEqual([readPsLine("", 9), readPsLine("   \n", 9)], [undefined, undefined]);
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

test("layoutOf() tells a copy of a process from one that was started", () => {
  const stat = (stack: number): string =>
    `12 (sh) S ${Array.from({ length: 49 }, (_, at) => at + 4 === 28 ? stack : 7).join(" ")}`;
  assert.equal(layoutOf(stat(1)), layoutOf(stat(1)));
  assert.notEqual(layoutOf(stat(1)), layoutOf(stat(2)));
  assert.deepEqual([layoutOf(""), layoutOf(`12 (sh) S ${Array(49).fill(0).join(" ")}`)], ["", ""]);
});
