import assert from "node:assert/strict";
import { test } from "node:test";
import { COMMANDS } from "../../../src/cli/commands/commands.ts";
import { optionsOf } from "../../../src/cli/line/read_words.ts";
import { runProgram, wholeProgram } from "../../../src/cli/program.ts";
import { fakeHost } from "../../support/host.ts";

test("wholeProgram() has the options of each command's table, and no others but help and version", async () => {
  const program = await wholeProgram({ host: fakeHost() });
  const made = program.commands.map((command) => [command.name(), command.options.map(({ long }) => long).sort()]);
  const tables = COMMANDS.map(async ({ name, load }) => [
    name,
    ["--version", ...optionsOf(await load()).map(({ flag }) => flag)].sort(),
  ]);
  assert.deepEqual(made, await Promise.all(tables));
});

test("wholeProgram() reads the commands that it is asked to, and names the others", async () => {
  const program = await wholeProgram({ host: fakeHost() }, COMMANDS.filter(({ name }) => name === "info"));
  assert.deepEqual(program.commands.map((command) => command.summary()), COMMANDS.map(({ summary }) => summary));
  const described = program.commands.filter((command) => command.description() !== "");
  assert.deepEqual(described.map((command) => command.name()), ["info"]);
});

test("runProgram() gives a command the options before its name and behind it", async () => {
  const host = fakeHost();
  const argv = ["--vault-url", "far", "--secret-name", "far", "info", "--json", "--vault-url", "near"];
  assert.equal(await runProgram(argv, host), 0);
  const { settings }: { settings: { name: string; value: string }[] } = JSON.parse(host.stdout.text());
  const valueOf = (name: string) => settings.find((one) => one.name === name)?.value;
  assert.equal(valueOf("MLFLOW_AZURE_SECRET_NAME"), "far");
  assert.match(valueOf("MLFLOW_AZURE_KEY_VAULT_URL") ?? "", /near/);
});

test("runProgram() takes the switch of the cache before the command, and the nearer one of two", async () => {
  const lines = [["--cache", "info"], ["--cache", "info", "--no-cache"], ["--no-cache", "info"]];
  const read = lines.map(async (line) => {
    const host = fakeHost();
    assert.equal(await runProgram([...line, "--json"], host), 0);
    const { settings }: { settings: { name: string; value: string }[] } = JSON.parse(host.stdout.text());
    return settings.find(({ name }) => name === "MLFLOW_AUTH_CACHE")?.value;
  });
  assert.deepEqual(await Promise.all(read), ["keyring", "off", "off"]);
});
