import assert from "node:assert/strict";
import { test } from "node:test";
import { settingMeantBy } from "../../../../src/core/settings/misspelled.ts";
import { SETTINGS } from "../../../../src/core/settings/settings.ts";

for (
  const [wrong, right] of [
    ["AZURE_TENNANT_ID", "AZURE_TENANT_ID"],
    ["AZURE_TENANTID", "AZURE_TENANT_ID"],
    ["AZURE_KEYVAULT_URL", "AZURE_KEY_VAULT_URL"],
    ["MLFLOW_AZURE_KEYVAULT_URL", "MLFLOW_AZURE_KEY_VAULT_URL"],
    ["MLFLOW_AZURE_VAULT_URL", "MLFLOW_AZURE_KEY_VAULT_URL"],
    ["MLFLOW_AZURE_SECRET", "MLFLOW_AZURE_SECRET_NAME"],
    ["MLFOW_TRACKING_URI", "MLFLOW_TRACKING_URI"],
    ["mlflow_tracking_uri", "MLFLOW_TRACKING_URI"],
    ["AZURE_CLIENT_SCERET", "AZURE_CLIENT_SECRET"],
    ["MLFLOW_SECRETS_LOGLEVEL", "MLFLOW_SECRETS_LOG_LEVEL"],
    ["MLFLOW_SECRETS_ALLOWED_HOST", "MLFLOW_SECRETS_ALLOWED_HOSTS"],
  ] as const
) {
  test(`settingMeantBy() takes ${wrong} for ${right}`, () => assert.equal(settingMeantBy(wrong), right));
}

for (
  const name of [
    "MLFLOW_TRACKING_TOKEN",
    "MLFLOW_TRACKING_USERNAME",
    "MLFLOW_TRACKING_PASSWORD",
    "MLFLOW_TRACKING_AUTH",
    "MLFLOW_TRACKING_INSECURE",
    "MLFLOW_REGISTRY_URI",
    "MLFLOW_EXPERIMENT_NAME",
    "MLFLOW_AUTH_CONFIG_PATH",
    "MLFLOW_SECRETS_AUTH_ENABLE_VAULT",
    "MLFLOW_SECRETS_MAX_RETRIES",
    "AZURE_CONFIG_DIR",
    "AZURE_SUBSCRIPTION_ID",
    "AZURE_STORAGE_CONNECTION_STRING",
    "AZURE_USERNAME",
    "PATH",
  ]
) {
  test(`settingMeantBy() leaves ${name} alone`, () => assert.equal(settingMeantBy(name), undefined));
}

test("settingMeantBy() takes no setting for another one", () => {
  const names = SETTINGS.flatMap((row): readonly string[] => row.names);
  assert.deepEqual(names.filter((name) => settingMeantBy(name) !== undefined), []);
});
