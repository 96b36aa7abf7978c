import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { assignment, nameOf } from "../../../../src/core/settings/setting_name.ts";

test("nameOf() names the option, the alias or the first variable", () => {
  const flag = readSettings({ env: {}, flags: { "--secret-name": "a" } }).settings;
  const alias = readSettings({ env: { AZURE_KEY_VAULT_URL: "https://team.vault.azure.net" } }).settings;
  const file =
    readSettings({ env: {}, files: [{ path: ".env", variables: { MLFLOW_AZURE_SECRET_NAME: "a" } }] }).settings;
  assert.deepEqual([
    nameOf(flag.secretName, "MLFLOW_AZURE_SECRET_NAME"),
    nameOf(alias.vaultUrl, "MLFLOW_AZURE_KEY_VAULT_URL"),
    nameOf(file.secretName, "MLFLOW_AZURE_SECRET_NAME"),
    nameOf(flag.vaultUrl, "MLFLOW_AZURE_KEY_VAULT_URL"),
  ], ["--secret-name", "AZURE_KEY_VAULT_URL", "MLFLOW_AZURE_SECRET_NAME", "MLFLOW_AZURE_KEY_VAULT_URL"]);
});

test("assignment() exports a variable and passes an option", () => {
  assert.deepEqual([assignment("A", "b"), assignment("--cloud", "x")], ["export A=b", "pass --cloud x"]);
});
