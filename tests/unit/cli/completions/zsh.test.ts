import assert from "node:assert/strict";
import { test } from "node:test";
import { zsh } from "../../../../src/cli/completions/zsh.ts";

const file = {
  flags: ["--in"],
  placeholder: "path",
  values: [],
  isFile: true,
  isRepeatable: true,
  text: "it's [a]: b\\",
};
const mode = { ...file, flags: ["-m", "--mode"], placeholder: "mode", values: ["a", "b"], isFile: false };
const script = zsh({
  name: "a-tool",
  options: [{ ...mode, isRepeatable: false, text: "mode" }],
  commands: [
    { name: "run", text: "run 'it'", options: [file], values: [], startsChild: true },
    { name: "show", text: "show it", options: [], values: ["x", "y"], startsChild: false },
  ],
});

test("zsh() is a file for fpath, and registers itself where it is sourced", () => {
  assert.ok(script.startsWith("#compdef a-tool\n"));
  assert.deepEqual(script.match(/^\S.*$/gm)?.slice(2), [
    "_a-tool() {",
    "}",
    "# Loaded from a folder of fpath, this file is the function itself.",
    "if [[ ${funcstack[1]-} == _a-tool ]]; then",
    "else",
    "fi",
  ]);
});

test("zsh() writes one specification for each form of an option, with its values", () => {
  assert.ok(
    script.includes("    '(-m --mode)-m+[mode]:mode:(a b)' \\\n    '(-m --mode)--mode=[mode]:mode:(a b)' \\\n"),
  );
});

test("zsh() quotes what zsh would read as its own in a text", () => {
  assert.ok(script.includes(`'*--in=[it'\\''s \\[a\\]\\: b\\\\]:path:_files'`));
  assert.ok(script.includes(`'run:run '\\''it'\\'''`));
});

test("zsh() hands over at the child alone, after the values of options", () => {
  assert.equal(script.split("_normal").length, 2);
  assert.match(script, /^ {14}\(--in\) at\+=2 ;;$/m);
  assert.match(script, /^ {8}\(show\)\n {10}_arguments -A '-\*' \\\n {12}'1: :\(x y\)' && ret=0$/m);
});

test("zsh() does not hide the tables that zsh completes commands from", () => {
  const locals = [...script.matchAll(/^ +local (?:-\w+ )?(.*)$/gm)].flatMap(([, names = ""]) => names.split(" "));
  const own = /^(?:commands|functions|aliases|builtins|path|words|CURRENT)(?:=|$)/;
  assert.deepEqual(locals.filter((name) => own.test(name)), []);
});
