import assert from "node:assert/strict";
import { test } from "node:test";
import { Secret } from "../../../../src/core/secret.ts";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { secretsOf } from "../../../../src/core/settings/secrets_of.ts";
import { SETTINGS } from "../../../../src/core/settings/settings.ts";

test("secretsOf() gives the text of every setting that holds a secret", () => {
  const env = Object.fromEntries(SETTINGS.map(({ names: [name] }) => [name, `text of ${name}`]));
  const { settings } = readSettings({ env });
  const secret = SETTINGS.filter(({ key }) => settings[key].value instanceof Secret);
  assert.deepEqual(secretsOf(settings).toSorted(), secret.map(({ names: [name] }) => `text of ${name}`).toSorted());
  assert.ok(secret.length > 2);
});
