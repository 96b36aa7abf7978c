import assert from "node:assert/strict";
import { test } from "node:test";
import { IDENTITY_SETTINGS } from "../../../../src/core/settings/identity_settings.ts";
import { SETTINGS } from "../../../../src/core/settings/settings.ts";

test("IDENTITY_SETTINGS stand in the table of all settings, in their order", () => {
  const own = new Set(IDENTITY_SETTINGS.map(({ key }) => key));
  assert.deepEqual(SETTINGS.filter(({ key }) => own.has(key)).map(({ key }) => key), [...own]);
});
