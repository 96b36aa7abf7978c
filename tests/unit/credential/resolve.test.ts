import assert from "node:assert/strict";
import { test } from "node:test";
import type { AuthError } from "../../../src/core/errors.ts";
import { makeLog } from "../../../src/core/log.ts";
import { Secret } from "../../../src/core/secret.ts";
import { readSettings } from "../../../src/core/settings/read_settings.ts";
import { checkEnabled, parseSecret, resolveCredential } from "../../../src/credential/resolve.ts";
import { fakeHost } from "../../support/host.ts";

const enabled = (env: Readonly<Record<string, string>>) => () => checkEnabled(readSettings({ env }).settings);

test("checkEnabled() takes unset variables for enabled", () => enabled({})());

test("checkEnabled() lets the plugin's variables allow Azure Key Vault", () => {
  enabled({ MLFLOW_SECRETS_AUTH_ENABLE: "vault, Azure-Key-Vault" })();
  enabled({ MLFLOW_SECRETS_AUTH_ENABLE_AZURE_KEY_VAULT: "true" })();
  enabled({ MLFLOW_SECRETS_AUTH_ENABLE: "vault", MLFLOW_SECRETS_AUTH_ENABLE_AZURE_KEY_VAULT: "true" })();
});

test("checkEnabled() names the variable that does not", () => {
  assert.throws(enabled({ MLFLOW_SECRETS_AUTH_ENABLE: "azure" }), {
    code: "disabled",
    message: 'Cannot use Azure Key Vault: "MLFLOW_SECRETS_AUTH_ENABLE" does not allow azure-key-vault',
  });
  assert.throws(
    enabled({ MLFLOW_SECRETS_AUTH_ENABLE: "azure-key-vault", MLFLOW_SECRETS_AUTH_ENABLE_AZURE_KEY_VAULT: "false" }),
    {
      message:
        'Cannot use Azure Key Vault: "MLFLOW_SECRETS_AUTH_ENABLE_AZURE_KEY_VAULT" does not allow azure-key-vault',
    },
  );
});

test("resolveCredential() refuses a tracking host before it looks for a vault", async () => {
  const env = { MLFLOW_SECRETS_ALLOWED_HOSTS: "a", MLFLOW_TRACKING_URI: "https://b" };
  const world = { host: fakeHost({ env }), log: makeLog("ERROR", () => {}) };
  await assert.rejects(resolveCredential(readSettings({ env }).settings, world), { code: "host-not-allowed" });
});

test("parseSecret() names what set the mode that does not fit", () => {
  const remedyOf = (given: Parameters<typeof readSettings>[0]): string => {
    try {
      parseSecret(new Secret('{"token":"abc"}'), { name: "mlflow", settings: readSettings(given).settings });
      return "";
    } catch (error) {
      return (error as AuthError).remedy;
    }
  };
  assert.equal(remedyOf({ env: { MLFLOW_AZURE_AUTH_MODE: "basic" } }), "export MLFLOW_AZURE_AUTH_MODE=bearer");
  assert.equal(remedyOf({ env: {}, flags: { "--auth-mode": "basic" } }), "pass --auth-mode bearer");
});
