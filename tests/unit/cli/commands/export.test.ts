import assert from "node:assert/strict";
import { test } from "node:test";
import { failureWord } from "../../../../src/cli/commands/export.ts";
import { main } from "../../../../src/cli/run.ts";
import type { Ancestor } from "../../../../src/core/host.ts";
import { FORMATS } from "../../../../src/shell/formats/formats.ts";
import { fakeHost, type FakeParts, recordingSink } from "../../../support/host.ts";

const fish: readonly Ancestor[] = [{ pid: 7, exe: "/usr/bin/fish", argv: ["fish"], comm: "fish", layout: "" }];

async function run(argv: readonly string[], parts: FakeParts = {}) {
  const host = fakeHost(parts);
  const status = await main(["export", ...argv], host);
  return { status, stdout: host.stdout.text(), stderr: host.stderr.text() };
}

test("export --unset asks nobody, names every variable, and holds no secret", async () => {
  assert.deepEqual(await run(["--unset", "--format", "sh"]), {
    status: 0,
    stdout: "unset MLFLOW_TRACKING_TOKEN MLFLOW_TRACKING_USERNAME MLFLOW_TRACKING_PASSWORD MLFLOW_TRACKING_AUTH " +
      "MLFLOW_TRACKING_AWS_SIGV4 MLFLOW_USERNAME MLFLOW_PASSWORD MLFLOW_TOKEN\n",
    stderr: "",
  });
});

test("export --unset spares what --keep-env names", async () => {
  const { stdout } = await run(["--unset", "--format", "json", "--keep-env", "MLFLOW_TOKEN"]);
  assert.deepEqual(Object.keys(JSON.parse(stdout)).includes("MLFLOW_TOKEN"), false);
});

for (const options of [[], ["--proxy"], ["--unset"]]) {
  test(`export ${options.join(" ")} refuses an output that is closed, before it asks anybody`, async () => {
    const stdout = { ...recordingSink(), isLost: () => true };
    const { status, stderr } = await run([...options, "--format", "sh"], { stdout });
    assert.equal(status, 1);
    assert.match(stderr, /^mlflow-auth: Cannot write to "standard output": it is closed\n {2}try: {2}let something/);
  });
}

test("export --format github needs nobody who reads its output", async () => {
  const stdout = { ...recordingSink(), isLost: () => true };
  const { stderr } = await run(["--format", "github"], { stdout });
  assert.match(stderr, /"MLFLOW_AZURE_KEY_VAULT_URL" is not set/);
});

test("export --unset prints to a terminal too", async () => {
  const { status, stdout } = await run(["--unset", "--format", "sh"], { stdout: recordingSink(true) });
  assert.equal(status, 0);
  assert.match(stdout, /^unset /);
});

test("export --unset does not end a proxy for a terminal, where nobody evaluates what leads back", async () => {
  const env = {
    MLFLOW_TRACKING_URI: "http://127.0.0.1:4040",
    MLFLOW_TRACKING_TOKEN: `mlflow-auth-${"k".repeat(43)}`,
    MLFLOW_AUTH_BEFORE_PROXY: "v=1&MLFLOW_TRACKING_URI=https%3A%2F%2Fmlflow.example",
  };
  let asked = 0;
  const fetch = () => {
    asked++;
    return Promise.resolve(Response.json({}));
  };
  const at = (...argv: readonly string[]) =>
    run(["--unset", "--format", "sh", ...argv], { env, fetch, stdout: recordingSink(true) });
  const { status, stdout, stderr } = await at();
  assert.deepEqual([status, stdout, asked], [2, "", 0]);
  assert.match(
    stderr,
    /^ {2}try: {2}creds=\$\(mlflow-auth export --unset --format sh\) && eval "\$creds" {2}\(--reveal prints it\)$/m,
  );
  const revealed = await at("--reveal");
  assert.deepEqual([revealed.status, asked], [0, 1]);
  assert.match(revealed.stdout, /https.*mlflow.*example/);
});

for (const format of FORMATS.filter(({ unset }) => unset === undefined)) {
  test(`export --unset --format ${format.name} names formats that can`, async () => {
    const { status, stdout, stderr } = await run(["--unset", "--format", format.name]);
    assert.deepEqual({ status, stdout }, { status: 1, stdout: format.failure });
    assert.match(stderr, /choose --format sh or --format json/);
  });
}

test("export prints nothing secret to a terminal, and asks nobody for it", async () => {
  const { status, stdout, stderr } = await run(["--format", "sh"], { stdout: recordingSink(true) });
  assert.deepEqual({ status, stdout }, { status: 2, stdout: "" });
  assert.match(stderr, /^mlflow-auth: Cannot print a secret to a terminal: /);
  assert.match(stderr, /--reveal/);
});

test("export --reveal goes on to the credential on a terminal", async () => {
  const { status, stderr } = await run(["--format", "sh", "--reveal"], { stdout: recordingSink(true) });
  assert.equal(status, 1);
  assert.match(stderr, /MLFLOW_AZURE_KEY_VAULT_URL/);
});

test("export prints the calling shell's failing word when it fails", async () => {
  const parts: FakeParts = { ancestors: () => fish };
  assert.equal((await run([], parts)).stdout, "false\n");
  assert.equal((await run(["--format", "pwsh"], parts)).stdout, "throw 'mlflow-auth export failed'\n");
  assert.equal((await run(["--format", "json"], parts)).stdout, "");
  assert.equal((await run(["--format", "nosuch"], parts)).stdout, "false\n");
});

test("export names the formats where there is none of that name", async () => {
  const { status, stderr } = await run(["--format", "nosuch"]);
  assert.equal(status, 2);
  assert.match(
    stderr,
    /^mlflow-auth: Cannot print what "--format" names: there is no such format\n {2}try: {2}choose one of sh, fish,/,
  );
});

test("failureWord() reads --format in both spellings, the last one counts", () => {
  const host = fakeHost();
  const word = (...argv: readonly string[]) => failureWord(argv, host);
  const pwsh = FORMATS.find(({ name }) => name === "pwsh")?.failure;
  assert.deepEqual([
    word("export", "--format=pwsh"),
    word("export", "--format", "sh", "--format", "pwsh"),
    word("export", "--format"),
    word("export"),
  ], [pwsh, pwsh, "false\n", "false\n"]);
});
