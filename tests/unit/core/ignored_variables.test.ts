import assert from "node:assert/strict";
import { test } from "node:test";
import { IGNORED_VARIABLES, ignoredVariables } from "../../../src/core/ignored_variables.ts";
import { SETTINGS } from "../../../src/core/settings/settings.ts";

test("ignoredVariables() names what is set, also to nothing, and has no effect", () => {
  assert.deepEqual(ignoredVariables({ SSLKEYLOGFILE: "/tmp/keys", DEBUG: "", HOME: "/root" }), [
    "DEBUG",
    "SSLKEYLOGFILE",
  ]);
});

test("IGNORED_VARIABLES holds no setting, and is sorted", () => {
  const settings: readonly string[] = SETTINGS.flatMap((row): readonly string[] => row.names);
  assert.deepEqual(IGNORED_VARIABLES.filter((name) => settings.includes(name)), []);
  assert.deepEqual([...IGNORED_VARIABLES].sort(), IGNORED_VARIABLES);
});
