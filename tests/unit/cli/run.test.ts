import assert from "node:assert/strict";
import { test } from "node:test";
import { COMMANDS } from "../../../src/cli/commands/commands.ts";
import { failStray, main } from "../../../src/cli/run.ts";
import type { Host } from "../../../src/core/host.ts";
import { optionsOf } from "../../../src/cli/line/read_words.ts";
import { fakeHost, type FakeParts, recordingSink } from "../../support/host.ts";

async function run(argv: readonly string[], parts: FakeParts = {}) {
  const host = fakeHost(parts);
  const status = await main(argv, host);
  return { status, stdout: host.stdout.text(), stderr: host.stderr.text() };
}

const usage = (sentence: string, remedy: string): string =>
  `mlflow-auth: Cannot understand the command line: ${sentence}\n  try:  ${remedy}\n  more: mlflow-auth explain usage  (docs/errors.md#usage)\n`;

test("main() prints help where nothing is asked, and names every command in it", async () => {
  const { status, stdout, stderr } = await run([]);
  assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
  assert.deepEqual(COMMANDS.filter(({ name }) => !new RegExp(`^  ${name} `, "m").test(stdout)), []);
});

test("main() names every command in the help that is asked for before one", async () => {
  assert.deepEqual(await run(["--help", "exec"]), await run(["--help"]));
});

const sinkOf = (columns: number) => ({ ...recordingSink(), columns: () => columns });

test("main() prints help for 60 to 120 columns, without colours, and the first one in 26 lines of 80", async () => {
  for (const argv of [["--help"], ...COMMANDS.map(({ name }) => [name, "-h"])]) {
    for (const columns of [60, 72, 80, 100, 120]) {
      const sink = sinkOf(columns);
      assert.equal(await main(argv, fakeHost({ stdout: sink })), 0);
      const lines = sink.text().trimEnd().split("\n");
      // A command line to paste is never broken.
      const isLong = (line: string) => line.length > columns && !/^ {2}\$ |^(?:bash|zsh|fish|pwsh): /.test(line);
      const long = lines.filter((line) => isLong(line) || line.includes("\x1b"));
      assert.deepEqual(long, [], `${argv.join(" ")} in ${columns}`);
      if (argv.length === 1 && columns === 80) assert.ok(lines.length <= 26, `${lines.length} lines`);
    }
  }
});

test("main() names in a command's help every option that it takes", async () => {
  for (const { name, load } of COMMANDS) {
    const { stdout } = await run([name, "--help"]);
    const left = optionsOf(await load()).filter(({ flag }) => !new RegExp(`^  ${flag}[ <]`, "m").test(stdout));
    assert.deepEqual(left.map(({ flag }) => flag), [], name);
  }
});

test("main() prints the version before and after a command", async () => {
  for (const argv of [["--version"], ["-V"], ...COMMANDS.map(({ name }) => [name, "--version"])]) {
    const { status, stdout } = await run(argv);
    assert.equal(status, 0);
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
  }
});

const mistakes: readonly (readonly [argv: readonly string[], status: number, stdout: string, stderr: string])[] = [
  [["exce"], 2, "", usage('unknown command "exce"', "mlflow-auth exec -- <command>")],
  [["exec"], 125, "", usage('missing required argument "command"', "mlflow-auth exec -- <command>")],
  [["exec", "--"], 125, "", usage('missing required argument "command"', "mlflow-auth exec -- <command>")],
  [["exec", "--forse", "true"], 125, "", usage('unknown option "--forse"', "mlflow-auth exec --force -- <command>")],
  [
    ["exec", "--vault-url"],
    125,
    "",
    usage('option "--vault-url <url>" argument missing', "mlflow-auth exec --vault-url <url> -- <command>"),
  ],
  [
    ["info", "x"],
    2,
    "",
    usage('too many arguments for "info"', "mlflow-auth info --help"),
  ],
  [["doctor", "--jsn"], 2, "", usage('unknown option "--jsn"', "mlflow-auth doctor --json")],
  [["export", "--formt", "fish"], 2, "false\n", usage('unknown option "--formt"', "mlflow-auth export --format fish")],
  [
    ["--env-file", "x", "export", "--typo"],
    2,
    "false\n",
    usage('unknown option "--typo"', "mlflow-auth export --help"),
  ],
];

for (const [argv, status, stdout, stderr] of mistakes) {
  test(`main() answers "${argv.join(" ")}" with status ${status}`, async () => {
    assert.deepEqual(await run(argv), { status, stdout, stderr });
  });
}

test("main() reads no option of its own after the name of the child, with and without --", async () => {
  for (
    const argv of [["exec", "--", "cmd", "--force", "-h", "--version"], ["exec", "cmd", "--force", "-h", "--version"]]
  ) {
    const { status, stderr } = await run(argv);
    assert.equal(status, 125);
    assert.match(stderr, /"MLFLOW_AZURE_KEY_VAULT_URL"/);
  }
});

test("main() stops at the first setting of the wrong form, before any request", async () => {
  const { status, stderr } = await run(["exec", "true"], { env: { MLFLOW_AZURE_TTL_SEC: "5m" } });
  assert.equal(status, 125);
  assert.match(stderr, /^mlflow-auth: Cannot use "MLFLOW_AZURE_TTL_SEC": expected whole seconds/);
});

test("main() takes global options on both sides of the command", async () => {
  const files = { "a.env": "MLFLOW_AZURE_TTL_SEC=60\n", "b.env": "MLFLOW_AZURE_SECRET_NAME=x\n" };
  const { stdout } = await run(["--env-file", "a.env", "info", "--json", "--env-file", "b.env"], { files });
  const { settings } = JSON.parse(stdout);
  const source = (name: string) => settings.find((setting: { name: string }) => setting.name === name)?.source;
  assert.equal(source("MLFLOW_AZURE_TTL_SEC"), "file a.env MLFLOW_AZURE_TTL_SEC");
  assert.equal(source("MLFLOW_AZURE_SECRET_NAME"), "file b.env MLFLOW_AZURE_SECRET_NAME");
});

test("main() shows nothing of a defect but its kind", async () => {
  const broken = (): never => {
    throw new RangeError("canary");
  };
  const { status, stderr } = await run(["export"], { ancestors: broken });
  assert.equal(status, 1);
  assert.equal(stderr.split("\n")[0], "mlflow-auth: Cannot go on: an unexpected failure in mlflow-auth (RangeError)");
  assert.ok(!stderr.includes("canary"));
});

test("main() ends quietly when nobody reads its output any more", async () => {
  const broken: Host["stdout"] = {
    write: () => Promise.reject(Object.assign(new Error("closed"), { code: "EPIPE" })),
    isTerminal: () => false,
    isLost: () => false,
    columns: () => 80,
  };
  const { status, stderr } = await run(["info"], { stdout: broken });
  assert.deepEqual({ status, stderr }, { status: 1, stderr: "" });
});

test("main() says that its output cannot be written, also where the failing word cannot be", async () => {
  const full: Host["stdout"] = {
    write: () => Promise.reject(Object.assign(new Error("canary"), { code: "ENOSPC" })),
    isTerminal: () => false,
    isLost: () => false,
    columns: () => 80,
  };
  for (const argv of [["info"], ["export", "--unset", "--format", "sh"], ["--help"]]) {
    const { status, stderr } = await run(argv, { stdout: full });
    assert.equal(status, 1);
    assert.match(stderr, /^mlflow-auth: Cannot write to "standard output": ENOSPC\n/);
  }
});

test("failStray() says one line without the message, and ends as each command fails", async () => {
  for (const { name, failureStatus, failureWord } of COMMANDS) {
    const host = fakeHost();
    const argv = ["--log-level", "DEBUG", name];
    assert.equal(await failStray(new RangeError("canary"), { argv, host }), failureStatus, name);
    assert.equal(
      host.stderr.text(),
      "mlflow-auth: Cannot go on: an unexpected failure in mlflow-auth (RangeError); " +
        "report it with the command line and the output of mlflow-auth info\n",
    );
    assert.equal(host.stdout.text(), (await failureWord?.(argv, host)) ?? "", name);
  }
});

test("failStray() ends quietly where nobody reads any more", async () => {
  const host = fakeHost();
  const thrown = Object.assign(new Error("canary"), { code: "EPIPE" });
  assert.equal(await failStray(thrown, { argv: ["export"], host }), 1);
  assert.equal(host.stderr.text() + host.stdout.text(), "");
});

test("main() takes a -- before the command for the end of options that there are none of", async () => {
  const direct = await run(["exec", "--", "true"]);
  assert.deepEqual(await run(["--", "exec", "--", "true"]), direct);
  assert.match(direct.stderr, /"MLFLOW_AZURE_KEY_VAULT_URL"/);
  assert.deepEqual(await run(["--", "true"]), {
    status: 2,
    stdout: "",
    stderr: usage('unknown command "true"', "mlflow-auth exec -- true"),
  });
});
