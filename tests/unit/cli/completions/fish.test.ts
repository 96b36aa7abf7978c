import assert from "node:assert/strict";
import { test } from "node:test";
import { fish } from "../../../../src/cli/completions/fish.ts";

const file = { flags: ["--in"], placeholder: "path", values: [], isFile: true, isRepeatable: false, text: "it's \\" };
const mode = { ...file, flags: ["-m", "--mode"], placeholder: "mode", values: ["a", "b"], isFile: false, text: "mode" };
const script = fish({
  name: "a-tool",
  options: [mode],
  commands: [
    { name: "run", text: "run it", options: [file], values: [], startsChild: true },
    { name: "show", text: "show it", options: [], values: ["x", "y"], startsChild: false },
  ],
});

test("fish() replaces what it registered before, line by line, with no file unless asked for", () => {
  assert.deepEqual(script.match(/^complete .*$/gm), [
    "complete -c a-tool -e",
    "complete -c a-tool -f",
    `complete -c a-tool -n '__a_tool_is ""' -s m -l mode -x -a 'a b' -d 'mode'`,
    `complete -c a-tool -n '__a_tool_is run' -l in -r -F -d 'it\\'s \\\\'`,
    `complete -c a-tool -n '__a_tool_is show' -a 'x y'`,
    `complete -c a-tool -n '__a_tool_is --' -a '(__a_tool_child)'`,
    `complete -c a-tool -n '__a_tool_is run' -a '(__a_tool_child)'`,
    `complete -c a-tool -n '__a_tool_is ""' -a run -d 'run it'`,
    `complete -c a-tool -n '__a_tool_is ""' -a show -d 'show it'`,
  ]);
});

test("fish() defines functions of its own name and keeps its variables to itself", () => {
  assert.deepEqual([...script.matchAll(/^function (\S+)/gm)].map(([, name]) => name), [
    "__a_tool_words",
    "__a_tool_is",
    "__a_tool_child",
  ]);
  const set = [...script.matchAll(/\bset (?!-l |-e |-q )(\S+)/g)].map(([, name]) => name);
  assert.deepEqual(set, ["cmd"]);
  assert.match(script, /^ {4}set -l cmd ''$/m);
});

test("fish() skips the value of each option that takes one", () => {
  assert.match(script, /^ {12}case ' -m' ' --mode' 'run --in'\n {16}set -q words\[1\]; and set -e words\[1\]$/m);
});
