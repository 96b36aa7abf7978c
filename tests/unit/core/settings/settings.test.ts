import assert from "node:assert/strict";
import { test } from "node:test";
import { SETTINGS } from "../../../../src/core/settings/settings.ts";

test("SETTINGS names no variable and no option twice, but for the one of all proxies", () => {
  const names = SETTINGS.flatMap((
    row,
  ): readonly string[] => [...row.names, ...row.flag === undefined ? [] : [row.flag]]);
  assert.deepEqual(names.filter((name, at) => names.indexOf(name) !== at), ["ALL_PROXY", "all_proxy"]);
});

test("SETTINGS gives no option to a secret", () => {
  const hidden = SETTINGS.filter((row) => /secret$|password$|token$/i.test(row.key));
  assert.deepEqual(hidden.map((row) => row.key), ["clientSecret", "certificatePassword", "oidcRequestToken"]);
  assert.deepEqual(hidden.filter((row) => row.flag !== undefined), []);
});

test("SETTINGS says of each setting what it is in one line", () => {
  assert.deepEqual(SETTINGS.filter((row) => row.doc === "" || /[.\n]$/.test(row.doc)).map((row) => row.key), []);
});
