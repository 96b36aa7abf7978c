import assert from "node:assert/strict";
import { test } from "node:test";
import { pwsh } from "../../../../src/cli/completions/pwsh.ts";

const file = { flags: ["--in"], placeholder: "path", values: [], isFile: true, isRepeatable: false, text: "it's ‘a’" };
const mode = { ...file, flags: ["-m", "--mode"], placeholder: "mode", values: ["a", "b"], isFile: false, text: "mode" };
const script = pwsh({
  name: "a-tool",
  options: [mode],
  commands: [
    { name: "run", text: "run it", options: [file], values: [], startsChild: true },
    { name: "show", text: "show it", options: [], values: ["x", "y"], startsChild: false },
  ],
});

test("pwsh() registers one block and leaves nothing else", () => {
  assert.deepEqual(script.match(/^\S.*$/gm), [
    "# Completions of a-tool for PowerShell, made by: a-tool completions pwsh",
    "Register-ArgumentCompleter -Native -CommandName 'a-tool' -ScriptBlock {",
    "}",
  ]);
});

test("pwsh() doubles every sign that PowerShell takes for a quote", () => {
  assert.ok(script.includes("'run' = [ordered]@{ '--in' = 'it''s ‘‘a’’' }"));
});

test("pwsh() has tables of options, words, values and of what takes a value", () => {
  assert.deepEqual(script.split("\n").slice(3, 20), [
    "    $options = @{",
    "        '' = [ordered]@{ '-m' = 'mode'; '--mode' = 'mode' }",
    "        'run' = [ordered]@{ '--in' = 'it''s ‘‘a’’' }",
    "        'show' = [ordered]@{  }",
    "    }",
    "    $words = @{",
    "        '' = [ordered]@{ 'run' = 'run it'; 'show' = 'show it' }",
    "        'run' = [ordered]@{  }",
    "        'show' = [ordered]@{ 'x' = 'x'; 'y' = 'y' }",
    "    }",
    "    $values = @{",
    "        ' -m' = @('a', 'b')",
    "        ' --mode' = @('a', 'b')",
    "    }",
    "    $taking = @(' -m', ' --mode', 'run --in')",
    "    $children = @('run')",
    "",
  ]);
});
