import assert from "node:assert/strict";
import { test } from "node:test";
import { pinned } from "../../../../src/azure/vault/pinned.ts";

/** Which of some scopes a vault may have a token for. */
async function accepted(vault: { readonly host: string; readonly trusted: boolean }): Promise<readonly string[]> {
  const asked: string[] = [];
  const source = {
    getToken: (scopes: string | string[]) => {
      asked.push(...[scopes].flat());
      return Promise.resolve(null);
    },
  };
  const { getToken } = pinned(source, { name: "mlflow", scope: "https://vault.azure.net/.default", ...vault });
  for (const scope of SCOPES) {
    await getToken(scope).catch((error: { readonly code: string }) => assert.equal(error.code, "vault-challenge"));
  }
  return asked;
}

const SCOPES = [
  "https://vault.azure.net/.default",
  "https://vault.usgovcloudapi.net/.default",
  "https://vault.azure.cn/.default",
  "https://azure.net/.default",
  "https://management.azure.com/.default",
  "https://graph.microsoft.com/.default",
  "https://storage.azure.com/.default",
  "https://vault.azure.net.evil.example/.default",
  "https://evil.example/.default",
  "https://127.0.0.1:8443/.default",
  "https://127.0.0.1/.default",
  "https://vault.corp/.default",
  "api://x/.default",
  "",
];

test("pinned() gets a token for a vault of Azure in the scope of its cloud alone", async () => {
  assert.deepEqual(await accepted({ host: "team.vault.azure.net", trusted: false }), [
    "https://vault.azure.net/.default",
  ]);
});

test("pinned() gets a token for a trusted vault in a scope of vaults, or its own", async () => {
  const clouds = SCOPES.slice(0, 3);
  assert.deepEqual(await accepted({ host: "vault.corp", trusted: true }), [...clouds, "https://vault.corp/.default"]);
  assert.deepEqual(await accepted({ host: "127.0.0.1:8443", trusted: true }), [
    ...clouds,
    "https://127.0.0.1:8443/.default",
    "https://127.0.0.1/.default",
  ]);
});

test("pinned() refuses several scopes at once unless each is the vault's", async () => {
  const { getToken } = pinned({ getToken: () => Promise.resolve(null) }, {
    name: "mlflow",
    host: "team.vault.azure.net",
    scope: "https://vault.azure.net/.default",
    trusted: false,
  });
  await assert.rejects(getToken(["https://vault.azure.net/.default", "https://graph.microsoft.com/.default"]), {
    code: "vault-challenge",
  });
});
