import assert from "node:assert/strict";
import { test } from "node:test";
import { bash } from "../../../../src/cli/completions/bash.ts";

const file = { flags: ["--in"], placeholder: "path", values: [], isFile: true, isRepeatable: false, text: "it's" };
const mode = { ...file, flags: ["-m", "--mode"], placeholder: "mode", values: ["a", "b"], isFile: false };
const script = bash({
  name: "a-tool",
  options: [mode],
  commands: [
    { name: "run", text: "run it", options: [file], values: [], startsChild: true },
    { name: "show", text: "show it", options: [mode], values: ["x", "y"], startsChild: false },
  ],
});

test("bash() defines one function, keeps its variables to itself, and registers it", () => {
  assert.deepEqual(script.match(/^\S.*$/gm), [
    "# Completions of a-tool for bash, made by: a-tool completions bash",
    "_a_tool() {",
    "}",
    "complete -F _a_tool a-tool",
  ]);
});

test("bash() skips the value of each option that takes one, and stops at the child", () => {
  assert.match(script, /^ {6}' -m' \| ' --mode' \| 'run --in' \| 'show -m' \| 'show --mode'\)$/m);
  assert.match(script, /^ {6}'run --'\)\n {8}child=i\+1$/m);
  assert.match(script, /^ {6}'run '\*\)\n {8}child=i$/m);
});

test("bash() chooses by command and option", () => {
  assert.match(
    script,
    /^ {6}'':-\*\) values='-m --mode' ;;\n {6}'':\*\) if \(\(!given\)\); then values='run show'; fi ;;$/m,
  );
  assert.match(script, /^ {6}'show':\*\) if \(\(!given\)\); then values='x y'; fi ;;$/m);
  assert.match(script, /^ {6}' -m' \| ' --mode' \| 'show -m' \| 'show --mode'\)\n {8}values='a b'$/m);
  assert.match(script, /^ {6}'run --in'\)\n {8}compopt -o default 2>\/dev\/null$/m);
});

test("bash() asks for no child where no command has one", () => {
  const plain = bash({ name: "tool", options: [], commands: [] });
  assert.ok(!plain.includes("child=last"));
});
