import { CommanderError } from "@commander-js/extra-typings";
import assert from "node:assert/strict";
import { test } from "node:test";
import { asUsageError, givenOptions, SETTING_FLAGS } from "../../../src/cli/program.ts";
import { Secret } from "../../../src/core/secret.ts";
import { type SettingRow, SETTINGS } from "../../../src/core/settings.ts";
import { textsFor } from "../../support/setting_texts.ts";

const usage = (message: string, command = "exec") => {
  const { code, message: sentence, remedy } = asUsageError(new CommanderError(1, "x", message), command);
  return { code, sentence, remedy };
};

test("asUsageError() keeps commander's suggestion", () => {
  assert.deepEqual(usage("error: unknown option '--keep-en'\n(Did you mean --keep-env?)"), {
    code: "usage",
    sentence: 'Cannot understand the command line: unknown option "--keep-en"',
    remedy: "write --keep-env",
  });
});

test("asUsageError() suggests the options of settings, which help does not list", () => {
  assert.equal(usage("error: unknown option '--secret-nmae'").remedy, "write --secret-name");
  assert.equal(usage("error: unknown option '--frobnicate'").remedy, "mlflow-auth exec --help");
});

test("asUsageError() points to the help where there is no suggestion", () => {
  assert.equal(usage("error: missing required argument 'command'").remedy, "mlflow-auth exec --help");
  assert.equal(usage("error: unknown command 'x'", "").remedy, "mlflow-auth --help");
});

test("asUsageError() does not repeat the value of an option", () => {
  assert.equal(usage("error: unknown option '--client-secret=canary'").sentence.includes("canary"), false);
});

test("givenOptions() lets the option after the command win, and joins env files in order", () => {
  const near = { envFile: ["b"], vaultUrl: "near", logLevel: "DEBUG" };
  assert.deepEqual(givenOptions(near, { envFile: ["a"], logLevel: "ERROR" }), {
    envFiles: ["a", "b"],
    flags: { "--vault-url": "near", "--log-level": "DEBUG" },
  });
});

test("SETTING_FLAGS are the options of the settings, none of them for a secret", () => {
  const isSecret = (row: SettingRow): boolean => row.parse(textsFor(row)[0]) instanceof Secret;
  const flags = SETTINGS.flatMap((row) => row.flag === undefined || isSecret(row) ? [] : [row.flag]);
  // These two stand beside them: one is global, and one has an opposite.
  const own: readonly string[] = ["--cache", "--log-level"];
  assert.deepEqual(SETTING_FLAGS, flags.filter((flag) => !own.includes(flag)));
});
