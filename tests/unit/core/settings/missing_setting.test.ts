import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";

test("readSettings() says of a required setting that is not set which files were read, and which variable was probably meant", () => {
  assert.equal(hintOf({}), undefined);
  assert.deepEqual(hintOf({}, [{ path: "a.env", variables: {} }, { path: "b.env", variables: { A: "1" } }]), {
    is: "read: a.env (no variable), b.env (1 variable)",
  });
  assert.deepEqual(hintOf({ AZURE_KEY_VAULT_ENDPOINT: "x" }), {
    is: "AZURE_KEY_VAULT_ENDPOINT is set, which is not read",
    remedy: 'export MLFLOW_AZURE_KEY_VAULT_URL="$AZURE_KEY_VAULT_ENDPOINT"',
  });
  assert.deepEqual(hintOf({}, [{ path: "my prod.env", variables: { MLFLOW_AZURE_KEYVAULT_URL: "x" } }]), {
    is: "my prod.env sets MLFLOW_AZURE_KEYVAULT_URL, which is not read",
    remedy: "sed -i 's/\\bMLFLOW_AZURE_KEYVAULT_URL\\b/MLFLOW_AZURE_KEY_VAULT_URL/' 'my prod.env'",
  });
});

function hintOf(
  env: Readonly<Record<string, string>>,
  files: readonly { readonly path: string; readonly variables: Readonly<Record<string, string>> }[] = [],
): unknown {
  const { source } = readSettings({ env, files }).settings.vaultUrl;
  return source.from === "default" ? source.hint : source;
}

test("readSettings() takes no other setting for a misspelled one, and knows a typing error in any part of the name", () => {
  const hint = (env: Readonly<Record<string, string>>) => {
    const { source } = readSettings({ env }).settings.secretName;
    return source.from === "default" ? source.hint?.is : source;
  };
  assert.equal(hint({ MLFLOW_AZURE_SECRET_VERSION: "latest", AZURE_CLIENT_SECRET: "canary" }), undefined);
  assert.equal(hint({ MLFLOW_AZURE_SECRT_NAME: "x" }), "MLFLOW_AZURE_SECRT_NAME is set, which is not read");
});
