import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "../../../src/core/settings/read_settings.ts";
import { tokenScopeOf } from "../../../src/credential/token_scope.ts";

const SCOPE = { MLFLOW_AZURE_TOKEN_SCOPE: "api://mlflow.example/.default" };
const read = (env: Readonly<Record<string, string>>) => () => tokenScopeOf(readSettings({ env }).settings);

test("tokenScopeOf() is undefined where no scope is set", () => assert.equal(read({})(), undefined));

test("tokenScopeOf() takes a scope with the bearer mode", () => {
  assert.equal(read({ ...SCOPE, MLFLOW_AZURE_AUTH_MODE: "bearer" })(), "api://mlflow.example/.default");
});

const conflicts = {
  MLFLOW_AZURE_KEY_VAULT_URL: "https://team.vault.azure.net/",
  AZURE_KEY_VAULT_URL: "https://team.vault.azure.net/",
  MLFLOW_AZURE_SECRET_NAME: "mlflow",
  MLFLOW_AZURE_AUTH_MODE: "basic",
};

for (const [name, value] of Object.entries(conflicts)) {
  test(`tokenScopeOf() names both where ${name} is set too`, () => {
    assert.throws(read({ ...SCOPE, [name]: value }), {
      code: "setting-conflict",
      message: new RegExp(`^Cannot use "MLFLOW_AZURE_TOKEN_SCOPE" together with "${name}": `),
      remedy: `to use the secret: unset MLFLOW_AZURE_TOKEN_SCOPE; to use the identity's own token: unset ${name}`,
    });
  });
}
