import { test } from "node:test";
import assert from "node:assert/strict";
import { detectFormat } from "../../../src/shell/detect.ts";
import type { Process } from "../../../src/core/host.ts";

const process = (exe: string, ...argv: readonly string[]): Process => ({ exe, argv, comm: argv[0] ?? "" });
const detect = (ancestors: readonly Process[], env: Readonly<Record<string, string>> = {}): string =>
  detectFormat({ platform: "linux", env, ancestors });

const FISH = process("/usr/bin/fish", "-fish");
const NODE = process("/usr/bin/node", "node", "/x/mlflow-auth.js");

test("detectFormat() knows each shell by its executable", () => {
  const found = [
    "dash",
    "bash",
    "zsh-5.9",
    "ksh93",
    "mksh",
    "lksh",
    "yash",
    "posh",
    "fish",
    "tcsh",
    "bsd-csh",
    "elvish",
    "nu",
    "pwsh",
  ]
    .map((name) => detect([process(`/usr/bin/${name}`, name)]));
  assert.deepEqual(found, [...Array(8).fill("sh"), "fish", "tcsh", "csh", "elvish", "nu", "pwsh"]);
});

test("detectFormat() believes the executable of a script, not its name", () => {
  assert.equal(detect([{ exe: "/usr/bin/fish", argv: ["/usr/bin/fish", "./bash"], comm: "bash" }]), "fish");
  assert.equal(detect([{ exe: "/usr/bin/node", argv: ["node", "./zsh"], comm: "zsh" }, FISH]), "fish");
});

test("detectFormat() reads arguments where the executable is not known", () => {
  assert.deepEqual(
    [process("", "-zsh"), process("", "/opt/homebrew/bin/fish", "-l"), { exe: "", argv: [], comm: "tcsh" }].map((one) =>
      detect([one])
    ),
    ["sh", "fish", "tcsh"],
  );
});

test("detectFormat() finds xonsh behind python", () => {
  const python = "/usr/bin/python3.11";
  assert.deepEqual(
    [
      process(python, "/usr/bin/python3", "/usr/bin/xonsh"),
      process(python, "/usr/bin/python3", "-u", "/usr/bin/xonsh", "--no-rc"),
      process(python, "python3", "-m", "xonsh"),
    ].map((one) => detect([one])),
    ["xonsh", "xonsh", "xonsh"],
  );
});

test("detectFormat() takes busybox for what it was called as", () => {
  const busybox = "/bin/busybox";
  assert.equal(detect([process(busybox, "sh")]), "sh");
  assert.equal(detect([process(busybox, "busybox", "ash")]), "sh");
  assert.equal(detect([process(busybox, "timeout", "9", "mlflow-auth"), FISH]), "fish");
  assert.equal(detect([process(busybox, "busybox", "env", "mlflow-auth"), FISH]), "fish");
});

test("detectFormat() looks through programs that start others, and stops at any other", () => {
  const starters = ["sudo", "env", "timeout", "uv", "python3"].map((name) => process(`/usr/bin/${name}`, name));
  assert.equal(detect([...starters, FISH]), "fish");
  assert.equal(detect([process("/usr/bin/make", "make"), FISH]), "sh");
  assert.equal(detect(starters), "sh");
});

test("detectFormat() skips the sh of npx, but neither that of npm run nor a real one", () => {
  const inner = process("/usr/bin/dash", "sh", "-c", "mlflow-auth export");
  const npm = { exe: "/usr/bin/node", argv: ["npm exec mlflow-auth"], comm: "npm exec mlflow" };
  assert.equal(detect([NODE, inner, npm, FISH], { npm_command: "exec" }), "fish");
  assert.equal(detect([NODE, inner, npm, FISH], { npm_command: "run-script" }), "sh");
  const outer = process("/usr/bin/bash", "bash", "-c", "eval $(npx mlflow-auth export)");
  assert.equal(detect([NODE, inner, npm, outer, FISH], { npm_command: "exec" }), "sh");
});

test("detectFormat() looks at twelve processes at most", () => {
  assert.equal(detect([...Array(12).fill(NODE), FISH]), "sh");
  assert.equal(detect([...Array(11).fill(NODE), FISH]), "fish");
});

test("detectFormat() never asks SHELL", () => {
  assert.equal(detect([], { SHELL: "/usr/bin/fish" }), "sh");
});

test("detectFormat() takes PowerShell on Windows, and sh under MSYS", () => {
  const windows = (env: Readonly<Record<string, string>>) => detectFormat({ platform: "windows", env, ancestors: [] });
  assert.deepEqual([windows({}), windows({ MSYSTEM: "MINGW64" }), windows({ MSYSTEM: "" })], ["pwsh", "sh", "pwsh"]);
});
