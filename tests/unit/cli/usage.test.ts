import assert from "node:assert/strict";
import { test } from "node:test";
import { main } from "../../../src/cli/run.ts";
import { fakeHost } from "../../support/host.ts";

/** A command line, its status, and what it says: the sentence and the line to type. */
type Row = readonly [line: string, status: number, is: string, remedy: string];

/** What people type, with values that must not be repeated. */
const TYPED: readonly Row[] = [
  ["exce -- true", 2, 'unknown command "exce"', "mlflow-auth exec -- <command>"],
  ["run python train.py", 2, 'unknown command "run"', "mlflow-auth exec -- python train.py"],
  ["run -- python train.py --lr 0.1", 2, 'unknown command "run"', "mlflow-auth exec -- python train.py …"],
  ["run", 2, 'unknown command "run"', "mlflow-auth exec -- <command>"],
  ["login", 2, 'unknown command "login"', "az login"],
  ["shell", 2, 'unknown command "shell"', 'mlflow-auth exec -- "$SHELL"'],
  ["env", 2, 'unknown command "env"', "mlflow-auth export"],
  ["python train.py", 2, 'unknown command "python"', "mlflow-auth exec -- python train.py"],
  ["./train.sh --password canary-1", 2, 'unknown command "./train.sh"', "mlflow-auth exec -- ./train.sh …"],
  ["eyJhbGciOiJSUzI1NiJ9.eyJjYW5hcnkiOjF9.c2lnbmF0dXJl", 2, "unknown command", "mlflow-auth exec -- …"],
  ["help nothing", 2, 'unknown command "nothing"', "mlflow-auth --help"],
  ["help exce", 2, 'unknown command "exce"', "mlflow-auth exec --help"],
  ["-v", 2, 'unknown option "-v"', "mlflow-auth --version"],
  ["--versoin", 2, 'unknown option "--versoin"', "mlflow-auth --version"],
  ["exec --no-proxy -- true", 125, 'unknown option "--no-proxy"', "mlflow-auth exec --help"],
  ["exec --no-cahce -- true", 125, 'unknown option "--no-cahce"', "mlflow-auth exec --no-cache -- <command>"],
  ["proxy --port 5000", 2, 'unknown option "--port"', "mlflow-auth proxy --listen <host:port>"],
  ["--log-level DEBUG", 2, "no command is named", "mlflow-auth --help"],
  ["exec --proxy=canary -- true", 125, 'option "--proxy" takes no value', "mlflow-auth exec --proxy -- <command>"],
  ["exec", 125, 'missing required argument "command"', "mlflow-auth exec -- <command>"],
  [
    "exec --secret canary -- true",
    125,
    'unknown option "--secret"',
    "mlflow-auth exec --secret-name <name> -- <command>",
  ],
  [
    "--secret canary exec -- true",
    125,
    'unknown option "--secret"',
    "mlflow-auth exec --secret-name <name> -- <command>",
  ],
  ["exec --vault canary -- true", 125, 'unknown option "--vault"', "mlflow-auth exec --vault-url <url> -- <command>"],
  ["info --env prod", 2, 'unknown option "--env"', "mlflow-auth info --env-file <path>"],
  ["export --shell zsh", 2, 'unknown option "--shell"', "mlflow-auth export --format sh"],
  ["export --shell=zsh", 2, 'unknown option "--shell"', "mlflow-auth export --format sh"],
  ["export --shell=canary", 2, 'unknown option "--shell"', "mlflow-auth export --format <name>"],
  [
    "doctor --tracking-uri https://x",
    2,
    'unknown option "--tracking-uri"',
    "mlflow-auth doctor --dry-run <tracking-url>",
  ],
  [
    "exec --tracking-uri https://x -- a",
    125,
    'unknown option "--tracking-uri"',
    "MLFLOW_TRACKING_URI=<url> mlflow-auth exec -- <command>",
  ],
  [
    "doctor https://mlflow.example",
    2,
    'too many arguments for "doctor"',
    "mlflow-auth doctor --dry-run https://mlflow.example",
  ],
  ["doctor https://a:canary@x", 2, 'too many arguments for "doctor"', "mlflow-auth doctor --help"],
  ["exec --verbose -- true", 125, 'unknown option "--verbose"', "mlflow-auth exec --log-level DEBUG -- <command>"],
  [
    "exec -vault-url https://canary -- true",
    125,
    'unknown option "-vault-url"',
    "mlflow-auth exec --vault-url <url> -- <command>",
  ],
  // A word of the shell with a blank in it.
  ["info --x\u00a0canary", 2, 'unknown option "--x"', "mlflow-auth info --help"],
  ["info -pcanary", 2, 'unknown option "-p"', "mlflow-auth info --help"],
  ["info --client-secret=it's-canary=x", 2, 'unknown option "--client-secret"', "mlflow-auth info --help"],
  ["info -p'canary", 2, 'unknown option "-p"', "mlflow-auth info --help"],
  ["info --client-secret=canary", 2, 'unknown option "--client-secret"', "mlflow-auth info --help"],
  ["info --client-secretcanary1=canary", 2, 'unknown option "--client-secretcanary"', "mlflow-auth info --help"],
  [
    "exec --keep-env -- true",
    125,
    'option "--keep-env <name>" argument missing',
    "mlflow-auth exec --keep-env <name> -- <command>",
  ],
  ["--env-file -- exec true", 2, 'unknown command "true"', "mlflow-auth exec -- true"],
  [
    "exec --vault-url",
    125,
    'option "--vault-url <url>" argument missing',
    "mlflow-auth exec --vault-url <url> -- <command>",
  ],
  ["exec --keep-evn A -- true", 125, 'unknown option "--keep-evn"', "mlflow-auth exec --keep-env <name> -- <command>"],
];

for (const [line, status, is, remedy] of TYPED.filter(([one]) => !one.startsWith("--env-file"))) {
  test(`mlflow-auth ${line.replaceAll("canary", "…")} ends with the line to type`, async () => {
    const host = fakeHost();
    assert.equal(await main(line.split(" ").map((word) => word.replace("\u00a0", " ")), host), status);
    const [message = "", second = ""] = host.stderr.text().split("\n");
    assert.equal(message, `mlflow-auth: Cannot understand the command line: ${is}`);
    assert.equal(second, `  try:  ${remedy}`);
    assert.ok(!host.stderr.text().replaceAll("--client-secretcanary", "").includes("canary"));
    assert.ok(!/outputHelp/.test(host.stderr.text()));
  });
}

/** Aliases, and the line that prints the same. */
const SAME: readonly (readonly [line: string, other: string])[] = [
  ["help", "--help"],
  ["help help", "--help"],
  ["help --all", "--help"],
  ["", "--help"],
  ["help exec", "exec --help"],
  ["version", "--version"],
  ["export --unset --format bash", "export --unset --format sh"],
  ["export --unset --format zsh", "export --unset --format sh"],
  ["export --unset --format ksh", "export --unset --format sh"],
  ["export --unset --format powershell", "export --unset --format pwsh"],
  ["export --unset --format PowerShell", "export --unset --format pwsh"],
  ["--vault-url team export --unset --format sh", "export --unset --format sh"],
];

for (const [line, other] of SAME) {
  test(`mlflow-auth ${line} prints what ${other} prints`, async () => {
    const [one, two] = [fakeHost(), fakeHost()];
    const words = (text: string) => text.split(" ").filter((word) => word !== "");
    assert.deepEqual([await main(words(line), one), await main(words(other), two)], [0, 0]);
    assert.equal(one.stdout.text(), two.stdout.text());
    assert.notEqual(one.stdout.text(), "");
  });
}

test("options of settings may stand before the command", async () => {
  const host = fakeHost();
  assert.equal(await main(["--vault-url", "team", "--secret-name", "mlflow", "info", "--json"], host), 0);
  const { settings } = JSON.parse(host.stdout.text());
  const sourceOf = (name: string) => settings.find((one: { name: string }) => one.name === name)?.source;
  assert.equal(sourceOf("MLFLOW_AZURE_KEY_VAULT_URL"), "option --vault-url");
  assert.equal(sourceOf("MLFLOW_AZURE_SECRET_NAME"), "option --secret-name");
});
