import assert from "node:assert/strict";
import { test } from "node:test";
import { toVaultSecret, validityProblem, validityWarning } from "../../../../src/azure/vault/vault_secret.ts";

const vault = { host: "team.vault.azure.net", origin: "https://team.vault.azure.net", name: "mlflow" };
const at = { vault, nowMs: Date.UTC(2026, 0, 2) };
const dates = (expiresOn?: Date, notBefore?: Date) => ({ expiresOn, notBefore });

test("toVaultSecret() keeps the dates and the tags' names, not their values", () => {
  const createdOn = new Date(1);
  const updatedOn = new Date(2);
  const expiresOn = new Date(3);
  const notBefore = new Date(4);
  const tags = { team: "canary", app: "canary" };
  const properties = {
    version: "v",
    contentType: "text/plain",
    createdOn,
    updatedOn,
    expiresOn,
    notBefore,
    enabled: true,
    tags,
  };
  const { value, ...rest } = toVaultSecret({ value: "hidden", properties }, "azure-cli");
  assert.equal(value.reveal(), "hidden");
  assert.deepEqual(rest, {
    version: "v",
    contentType: "text/plain",
    createdOn,
    updatedOn,
    expiresOn,
    notBefore,
    enabled: true,
    tagNames: ["app", "team"],
    identity: "azure-cli",
  });
});

test("toVaultSecret() takes no value for an empty one", () => {
  assert.equal(toVaultSecret({ properties: {} }, "azure-cli").value.reveal(), "");
});

test("validityProblem() finds a secret that has expired or is not valid yet, on the millisecond", () => {
  const { nowMs } = at;
  assert.deepEqual([
    validityProblem(dates(), at)?.code,
    validityProblem(dates(new Date(nowMs + 1), new Date(nowMs)), at)?.code,
    validityProblem(dates(new Date(nowMs)), at)?.code,
    validityProblem(dates(undefined, new Date(nowMs + 1)), at)?.code,
  ], [undefined, undefined, "secret-expired", "secret-not-yet-valid"]);
});

test("validityWarning() says so in one line", () => {
  assert.deepEqual([
    validityWarning(dates(), at),
    validityWarning(dates(new Date(0)), at),
    validityWarning(dates(undefined, new Date(Date.UTC(2030, 5, 1))), at),
  ], [
    undefined,
    'secret "mlflow" of "team.vault.azure.net" expired on 1970-01-01',
    'secret "mlflow" of "team.vault.azure.net" is valid from 2030-06-01 on',
  ]);
});

test("validityProblem() names the vault as az takes it: by its name, or by its address where that is no vault's", () => {
  const remedy = (host: string) =>
    validityProblem(dates(new Date(0)), { ...at, vault: { ...vault, host, origin: `https://${host}` } })?.remedy;
  const line = "put a new version: az keyvault secret set";
  assert.equal(remedy("team.vault.azure.net"), `${line} --vault-name team --name mlflow --file <file>`);
  assert.equal(remedy("127.0.0.1:8443"), `${line} --id https://127.0.0.1:8443/secrets/mlflow --file <file>`);
});
