import assert from "node:assert/strict";
import { test } from "node:test";
import type { ErrorCode } from "../../../../src/core/errors.ts";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { locateSecret } from "../../../../src/azure/vault/secret_identifier.ts";

const VERSION = "0123456789abcdef0123456789ABCDEF";
const locate = (path: string, env: Readonly<Record<string, string>> = {}) =>
  locateSecret(new URL(path, "https://team.vault.azure.net"), readSettings({ env }).settings);
const NAME = "MLFLOW_AZURE_SECRET_NAME";
const SET_VERSION = "MLFLOW_AZURE_SECRET_VERSION";

const found: readonly (readonly [string, Readonly<Record<string, string>>, string, string | undefined])[] = [
  ["/", { [NAME]: "mlflow" }, "mlflow", undefined],
  ["/", { [NAME]: "mlflow", [SET_VERSION]: "LATEST" }, "mlflow", undefined],
  ["/", { [NAME]: "mlflow", [SET_VERSION]: VERSION }, "mlflow", VERSION],
  ["/secrets/a-1", {}, "a-1", undefined],
  ["/secrets/a-1/", {}, "a-1", undefined],
  [`/secrets/a-1/${VERSION}`, {}, "a-1", VERSION],
  [`/secrets/a-1/${VERSION}/`, { [NAME]: "A-1", [SET_VERSION]: VERSION.toLowerCase() }, "a-1", VERSION],
  ["/secrets/", { [NAME]: "mlflow" }, "mlflow", undefined],
  ["/", { [NAME]: "a".repeat(127) }, "a".repeat(127), undefined],
];
for (const [path, env, name, version] of found) {
  test(`locateSecret() reads ${path} with ${JSON.stringify(env)}`, () => {
    assert.deepEqual(locate(path, env), { name, version });
  });
}

const refused: readonly (readonly [ErrorCode, string, Readonly<Record<string, string>>])[] = [
  ["setting-missing", "/", {}],
  ["setting-missing", "/secrets", {}],
  ["setting-conflict", "/secrets/a", { [NAME]: "b" }],
  ["setting-conflict", `/secrets/a/${VERSION}`, { [SET_VERSION]: "latest" }],
  ["setting-invalid", "/", { [NAME]: "a_b" }],
  ["setting-invalid", "/", { [NAME]: "../keys/a" }],
  ["setting-invalid", "/", { [NAME]: "a".repeat(128) }],
  ["setting-invalid", "/secrets/a%2Fb", {}],
  ["setting-invalid", "/secrets/a/short", {}],
  ["setting-invalid", "/", { [NAME]: "a", [SET_VERSION]: "v1" }],
  ["setting-invalid", `/secrets/a/${VERSION}/more`, {}],
  ["setting-invalid", "/keys/a", {}],
  ["setting-invalid", "/certificates/a", {}],
  ["setting-invalid", "/other", {}],
  ["setting-invalid", "//secrets/a", {}],
];
for (const [code, path, env] of refused) {
  test(`locateSecret() refuses ${path} with ${JSON.stringify(env)}`, () => {
    const url = new URL(`https://team.vault.azure.net${path}`);
    assert.throws(() => locateSecret(url, readSettings({ env }).settings), { code });
  });
}
