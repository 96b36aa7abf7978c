import assert from "node:assert/strict";
import { test } from "node:test";
import { scriptText, shellCommands } from "../../../action/shell_command.mjs";

const on = { isWindows: false };
const onWindows = { isWindows: true };
const firstOf = (shell: string) => {
  const [first] = shellCommands(shell, on);
  assert.ok(first);
  return first;
};
const line = (shell: string): string => [firstOf(shell).program, ...firstOf(shell).args].join(" ");

test("shellCommands() runs bash -e, else sh -e, where none is named; on Windows pwsh, else powershell", () => {
  assert.deepEqual(shellCommands("", on), [
    { program: "bash", args: ["-e", "{0}"], extension: ".sh", isVerbatim: false },
    { program: "sh", args: ["-e", "{0}"], extension: ".sh", isVerbatim: false },
  ]);
  assert.deepEqual(shellCommands("", onWindows), [
    { program: "pwsh", args: ["-command", ". '{0}'"], extension: ".ps1", isVerbatim: false },
    { program: "powershell", args: ["-command", ". '{0}'"], extension: ".ps1", isVerbatim: false },
  ]);
});

test("shellCommands() runs the built-in shells as a run: step does", () => {
  assert.equal(line("bash"), "bash --noprofile --norc -e -o pipefail {0}");
  assert.equal(line("sh"), "sh -e {0}");
  assert.equal(line("python"), "python {0}");
  assert.equal(line("pwsh"), "pwsh -command . '{0}'");
  assert.equal(line("powershell"), "powershell -command . '{0}'");
  assert.deepEqual(firstOf("cmd"), {
    program: "cmd",
    args: ["/D", "/E:ON", "/V:OFF", "/S", "/C", '"CALL "{0}""'],
    extension: ".cmd",
    isVerbatim: true,
  });
});

test("shellCommands() takes a template, whose double quotes keep blanks together", () => {
  assert.deepEqual(shellCommands("perl -w {0}", on), [
    { program: "perl", args: ["-w", "{0}"], extension: "", isVerbatim: false },
  ]);
  assert.deepEqual(firstOf('bash -c "source a b; . {0}"').args, ["-c", "source a b; . {0}"]);
  assert.deepEqual(firstOf("bash {0}"), { program: "bash", args: ["{0}"], extension: ".sh", isVerbatim: false });
});

test("shellCommands() refuses what is neither built in nor a template", () => {
  for (const shell of ["perl", "bash -e", "toString"]) {
    assert.throws(() => shellCommands(shell, on), {
      message: `Cannot use shell "${shell}": it is not built in, and has no {0} where the script's path goes`,
    });
  }
});

test("scriptText() makes PowerShell stop at an error, and cmd quiet", () => {
  const end = "if ((Test-Path -LiteralPath variable:\\LASTEXITCODE)) { exit $LASTEXITCODE }";
  assert.equal(scriptText(firstOf("bash"), "a\n", on), "a\n");
  assert.equal(scriptText(firstOf("pwsh"), "a", on), `$ErrorActionPreference = 'stop'\na\n${end}`);
  assert.equal(scriptText(firstOf("cmd"), "a\r\nb\n", onWindows), "@echo off\r\na\r\nb\r\n");
});
