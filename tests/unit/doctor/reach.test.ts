import assert from "node:assert/strict";
import { test } from "node:test";
import { makeLog } from "../../../src/core/log.ts";
import { readSettings } from "../../../src/core/settings/read_settings.ts";
import { locateVault } from "../../../src/azure/vault/vault.ts";
import { reachVault, readTenant } from "../../../src/doctor/reach.ts";
import { fakeHost } from "../../support/host.ts";

const env = { MLFLOW_AZURE_KEY_VAULT_URL: "https://team.vault.azure.net/secrets/mlflow" };
const vault = locateVault(readSettings({ env }).settings);
const log = makeLog("ERROR", () => {});

const reach = (answer: () => Promise<Response>) =>
  reachVault(vault, {
    host: fakeHost({
      fetch: answer,
      sleep: () => new Promise<void>(() => {}),
      lookup: () => Promise.reject(new Error("no DNS here")),
      now: () => Date.UTC(2026, 0, 1, 0, 10),
    }),
    network: {},
    deadlineSec: 15,
    log,
  });

test("reachVault() tells tenant and clock from the vault's challenge, and needs no DNS of its own", async () => {
  const headers = {
    "date": "Thu, 01 Jan 2026 00:00:00 GMT",
    "www-authenticate":
      'Bearer authorization="https://login.microsoftonline.com/6f0c1c9d-0000-4000-8000-000000000001", resource="https://vault.azure.net"',
  };
  assert.deepEqual(await reach(() => Promise.resolve(new Response("{}", { status: 401, headers }))), {
    addresses: [],
    tenant: "6f0c1c9d-0000-4000-8000-000000000001",
    skewMs: 600_000,
  });
});

test("reachVault() fails in the words of reading the secret", async () => {
  await assert.rejects(reach(() => Promise.reject(new TypeError("dns error: failed to lookup address information"))), {
    code: "network-dns",
    message: 'Cannot read secret "mlflow" from "team.vault.azure.net": the name team.vault.azure.net does not resolve',
  });
});

test("reachVault() takes a web page or a proxy's demand for no answer of a vault", async () => {
  const page = new Response("<html>blocked</html>", { status: 403, headers: { "content-type": "text/html" } });
  await assert.rejects(reach(() => Promise.resolve(page)), { code: "network-proxy" });
  await assert.rejects(reach(() => Promise.resolve(new Response("", { status: 407 }))), { code: "network-proxy" });
});

test("readTenant() gives no tenant that is none", () => {
  assert.equal(readTenant(""), undefined);
  assert.equal(readTenant('Bearer authorization="not a url"'), undefined);
  assert.equal(readTenant('Bearer authorization="https://login.example/%1b%5b31m"'), undefined);
});
