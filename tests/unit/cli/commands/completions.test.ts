import assert from "node:assert/strict";
import { test } from "node:test";
import { COMPLETION_SHELLS } from "../../../../src/cli/completions/shells.ts";
import { main } from "../../../../src/cli/run.ts";
import { fakeHost } from "../../../support/host.ts";

async function completions(...argv: readonly string[]) {
  const host = fakeHost();
  const status = await main(["completions", ...argv], host);
  return { status, stdout: host.stdout.text(), stderr: host.stderr.text() };
}

for (const { name } of COMPLETION_SHELLS) {
  test(`completions ${name} prints a script, the same at each run, and needs no setting`, async () => {
    const first = await completions(name);
    assert.deepEqual({ status: first.status, stderr: first.stderr }, { status: 0, stderr: "" });
    assert.match(first.stdout, new RegExp(`^# Completions of mlflow-auth for \\w+, made by: .* ${name}$`, "m"));
    assert.match(first.stdout, /[^\n]\n$/);
    assert.deepEqual(await completions(name), first);
  });
}

test("completions names its shells when it does not know one", async () => {
  assert.deepEqual(await completions("nu"), {
    status: 2,
    stdout: "",
    stderr: 'mlflow-auth: Cannot print completions for "nu": there are none for this shell\n' +
      "  try:  name one of bash, zsh, fish, pwsh: mlflow-auth completions bash\n  more: mlflow-auth explain usage  (docs/errors.md#usage)\n",
  });
});

test("completions names the shell that was meant", async () => {
  const lineFor = async (name: string) =>
    /completions \w+$/m.exec((await completions(name)).stderr.split("\n")[1] ?? "")?.[0];
  assert.deepEqual(await Promise.all(["powershell", "PowerShell", "sh", "fihs", "nu"].map(lineFor)), [
    "completions pwsh",
    "completions pwsh",
    "completions bash",
    "completions fish",
    "completions bash",
  ]);
});

test("completions names its shells when none is named", async () => {
  assert.deepEqual(await completions(), {
    status: 2,
    stdout: "",
    stderr: "mlflow-auth: Cannot print completions: no shell is named\n" +
      "  try:  name one of bash, zsh, fish, pwsh: mlflow-auth completions bash\n  more: mlflow-auth explain usage  (docs/errors.md#usage)\n",
  });
});

test("completions takes one shell alone", async () => {
  const { status, stdout } = await completions("bash", "zsh");
  assert.deepEqual({ status, stdout }, { status: 2, stdout: "" });
});

test("completions --help has a line to install each", async () => {
  const { status, stdout } = await completions("--help");
  assert.equal(status, 0);
  assert.deepEqual(COMPLETION_SHELLS.filter(({ install }) => !stdout.includes(install)).map(({ name }) => name), []);
});
