import assert from "node:assert/strict";
import { test } from "node:test";
import { keepOptions } from "../../../src/cli/kept_options.ts";
import { main } from "../../../src/cli/run.ts";
import { Command } from "@commander-js/extra-typings";
import { fakeHost } from "../../support/host.ts";

const program = new Command().option("--env-file <path>");
program.command("exec").option("--proxy").option("--vault-url <url>").option("--format <name>");

const ROWS: readonly (readonly [typed: string, remedy: string, kept: string])[] = [
  ["exec --proxy -- python x.py", "mlflow-auth exec -- python x.py", "mlflow-auth exec --proxy -- python x.py"],
  ["exec --proxy", "mlflow-auth exec", "mlflow-auth exec --proxy"],
  ["exec train --proxy", "mlflow-auth exec -- train", "mlflow-auth exec -- train"],
  [
    "--env-file a.env exec --vault-url=https://team.vault.azure.net a",
    "mlflow-auth exec -- b",
    "mlflow-auth exec --env-file a.env --vault-url https://team.vault.azure.net -- b",
  ],
  ["exec --vault-url a=canary b", "mlflow-auth exec -- b", "mlflow-auth exec --vault-url <url> -- b"],
  ["exec --vault-url", "mlflow-auth exec --vault-url <url> -- b", "mlflow-auth exec --vault-url <url> -- b"],
  [
    "exec --proxy --format docker",
    'eval "$(mlflow-auth exec --format sh)"',
    'eval "$(mlflow-auth exec --proxy --format sh)"',
  ],
  ["exec --proxy a", 'eval "$(mlflow-auth exec --unset)"', 'eval "$(mlflow-auth exec --unset)"'],
  ["exec --proxy --nothing", "mlflow-auth exec --help", "mlflow-auth exec --help"],
  ["exec --proxy a", "mlflow-auth doctor", "mlflow-auth doctor"],
  ["exec --proxy a", "mlflow-auth executor", "mlflow-auth executor"],
];

for (const [typed, remedy, kept] of ROWS) {
  test(`keepOptions() makes of ${JSON.stringify(remedy)} for ${JSON.stringify(typed)}: ${kept}`, () => {
    assert.equal(keepOptions(remedy, { argv: typed.split(" "), program, command: "exec" }), kept);
  });
}

for (
  const [typed, line] of [
    ["exec --proxy", "mlflow-auth exec --proxy -- <command>"],
    [
      "exec --proxy --key-in-url --verbose -- a",
      "mlflow-auth exec --proxy --key-in-url --log-level DEBUG -- <command>",
    ],
    ["export --proxy --format bsah", "mlflow-auth export --proxy --format sh"],
  ] as const
) {
  test(`mlflow-auth ${typed} ends with a line that keeps the proxy`, async () => {
    const host = fakeHost();
    await main(typed.split(" "), host);
    assert.equal(host.stderr.text().split("\n")[1], `  try:  ${line}`);
  });
}
