import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";

test("readSettings() reports every value of the wrong form, and quotes a wrong word alone", () => {
  const env = {
    MLFLOW_AZURE_TTL_SEC: "canary",
    MLFLOW_AZURE_AUTH_MODE: "digest",
    AZURE_KEY_VAULT_URL: "canary:canary",
  };
  const { problems } = readSettings({ env });
  assert.deepEqual(problems.map(({ code, message, remedy }) => ({ code, message, remedy })), [
    {
      code: "setting-invalid",
      message: 'Cannot use "AZURE_KEY_VAULT_URL": expected a URL that begins with https://',
      remedy: "correct AZURE_KEY_VAULT_URL (Vault, https://NAME.vault.azure.net/, or a full secret identifier)",
    },
    {
      code: "setting-invalid",
      message: 'Cannot use "MLFLOW_AZURE_AUTH_MODE": expected bearer, basic, not "digest"',
      remedy: "correct MLFLOW_AZURE_AUTH_MODE (bearer or basic), or: unset MLFLOW_AZURE_AUTH_MODE",
    },
    {
      code: "setting-invalid",
      message: 'Cannot use "MLFLOW_AZURE_TTL_SEC": expected whole seconds, 1 to 86400',
      remedy:
        "correct MLFLOW_AZURE_TTL_SEC (Seconds a credential is kept before it is read again, 1 to 86400), or: unset MLFLOW_AZURE_TTL_SEC",
    },
  ]);
  assert.ok(!JSON.stringify(problems.map(({ message, remedy }) => [message, remedy])).includes("canary"));
});

test("readSettings() quotes no wrong word that is long, strange, or what a secret is set to", () => {
  for (const word of ["hunter2", "abcdefghijklmnopqrstu", "a_b", "pa$$"]) {
    const { problems } = readSettings({ env: { MLFLOW_AZURE_AUTH_MODE: word, AZURE_CLIENT_SECRET: "hunter2" } });
    assert.equal(problems[0]?.message, 'Cannot use "MLFLOW_AZURE_AUTH_MODE": expected bearer, basic', word);
  }
});

test("invalidSetting() names the file that holds the line", () => {
  const files = [{ path: "prod.env", variables: { MLFLOW_AZURE_AUTH_MODE: "berer", MLFLOW_AZURE_TTL_SEC: "5m" } }];
  assert.deepEqual(readSettings({ env: {}, files }).problems.map(({ message, remedy }) => [message, remedy]), [
    [
      'Cannot use "MLFLOW_AZURE_AUTH_MODE" (file prod.env): expected bearer, basic, not "berer"',
      "export MLFLOW_AZURE_AUTH_MODE=bearer",
    ],
    [
      'Cannot use "MLFLOW_AZURE_TTL_SEC" (file prod.env): expected whole seconds, 1 to 86400',
      "correct MLFLOW_AZURE_TTL_SEC (Seconds a credential is kept before it is read again, 1 to 86400), or: " +
      "sed -i '/^[^#]*\\bMLFLOW_AZURE_TTL_SEC *[=: ]/d' prod.env",
    ],
  ]);
});
