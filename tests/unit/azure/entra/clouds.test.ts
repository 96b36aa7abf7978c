import assert from "node:assert/strict";
import { test } from "node:test";
import { CLOUDS } from "../../../../src/azure/entra/clouds.ts";

for (const cloud of CLOUDS) {
  test(`CLOUDS asks for tokens of ${cloud.name} for its own vaults at its own authority`, () => {
    assert.equal(cloud.scope, `https://${cloud.vaultSuffix}/.default`);
    assert.ok(cloud.aliases.some((alias) => `https://${alias}` === cloud.authority));
  });
}
