import assert from "node:assert/strict";
import { test } from "node:test";
import { IDENTITIES } from "../../../../src/azure/identities/identities.ts";
import { selectIdentities } from "../../../../src/azure/sign_in/select_identities.ts";
import { closedValues, optionPlaces, outlineOf } from "../../../../src/cli/completions/outline.ts";
import { SETTING_FLAGS } from "../../../../src/cli/line/options.ts";
import { wholeProgram } from "../../../../src/cli/program.ts";
import { COMMANDS } from "../../../../src/cli/commands/commands.ts";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { FORMATS } from "../../../../src/shell/formats/formats.ts";
import { fakeHost } from "../../../support/host.ts";

const outline = outlineOf(await wholeProgram({ host: fakeHost() }));
const flagsOf = (name: string) =>
  outline.commands.find((one) => one.name === name)?.options.flatMap((one) => one.flags);

test("outlineOf() has every command, and knows which one starts a child", () => {
  assert.deepEqual(outline.commands.map(({ name }) => name), COMMANDS.map(({ name }) => name));
  assert.deepEqual(outline.commands.filter(({ startsChild }) => startsChild).map(({ name }) => name), ["exec"]);
  assert.deepEqual(
    outline.commands.filter(({ values }) => values.length > 0).map(({ name, values }) => [name, values]),
    [
      ["cache", ["list", "clear"]],
      ["completions", ["bash", "zsh", "fish", "pwsh"]],
    ],
  );
});

test("outlineOf() has the options that help leaves out, and --help", () => {
  assert.deepEqual(SETTING_FLAGS.filter((flag) => flagsOf("exec")?.includes(flag) !== true), []);
  for (const { name } of COMMANDS) assert.ok(flagsOf(name)?.includes("--help"), `${name} has no --help`);
  assert.deepEqual(outline.options.map(({ flags }) => flags), [
    ["-V", "--version"],
    ["--env-file"],
    ["--log-level"],
    ["-h", "--help"],
  ]);
});

test("outlineOf() says something of every option", () => {
  const options = [outline, ...outline.commands].flatMap((one) => one.options);
  assert.deepEqual(options.filter(({ text }) => text === "").map(({ flags }) => flags), []);
});

test("outlineOf() knows an option as commander would say it", () => {
  assert.deepEqual(outline.options[1], {
    flags: ["--env-file"],
    placeholder: "path",
    values: [],
    isFile: true,
    isRepeatable: true,
    text: "read settings from a .env file (repeatable)",
  });
});

test("optionPlaces() names the options that take a file", () => {
  assert.deepEqual(
    optionPlaces(outline, ({ isFile }) => isFile).filter((place) => !/^(export|proxy|doctor|info) /.test(place)),
    [
      " --env-file",
      "exec --env-file",
      "exec --ca-bundle",
      "cache --env-file",
      "explain --env-file",
      "completions --env-file",
    ],
  );
});

test("closedValues() offers values that the settings accept, and all formats", () => {
  const closed = closedValues(outline).flatMap(([set, places]) =>
    places.map((place) => [place, set.split(" ")] as const)
  );
  assert.deepEqual(closed.filter(([place]) => /^export /.test(place)).map(([place]) => place), [
    "export --log-level",
    "export --auth-mode",
    "export --cloud",
    "export --identity",
    "export --format",
  ]);
  for (const [place, values] of closed) {
    const flag = place.split(" ")[1] ?? "";
    if (flag === "--format") assert.deepEqual(values, FORMATS.map(({ name }) => name));
    for (const value of flag === "--format" ? [] : values) {
      const { settings, problems } = readSettings({ env: {}, flags: { [flag]: value } });
      assert.deepEqual(problems, [], `${flag} ${value}`);
      assert.ok(selectIdentities(settings.tokenCredentials, IDENTITIES).identities.length > 0, value);
    }
  }
});
