import assert from "node:assert/strict";
import { test } from "node:test";
import { IDENTITIES } from "../../../../src/azure/identities/identities.ts";
import { IDENTITY_SETTINGS } from "../../../../src/core/settings/identity_settings.ts";
import { SETTINGS } from "../../../../src/core/settings/settings.ts";

test("IDENTITY_SETTINGS stand in the table of all settings, in their order", () => {
  const own = new Set(IDENTITY_SETTINGS.map(({ key }) => key));
  assert.deepEqual(SETTINGS.filter(({ key }) => own.has(key)).map(({ key }) => key), [...own]);
});

test("IDENTITY_SETTINGS name every identity that may be asked for, so that help does", () => {
  const names = new Set(IDENTITIES.map(({ name }) => name));
  assert.deepEqual(IDENTITY_SETTINGS.find(({ key }) => key === "tokenCredentials")?.choices, [...names]);
});
