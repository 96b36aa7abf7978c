import assert from "node:assert/strict";
import { test } from "node:test";
import { givenOptions, SETTING_FLAGS } from "../../../../src/cli/line/options.ts";
import { Secret } from "../../../../src/core/secret.ts";
import { type SettingRow, SETTINGS } from "../../../../src/core/settings/settings.ts";
import { textsFor } from "../../../support/setting_texts.ts";

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
