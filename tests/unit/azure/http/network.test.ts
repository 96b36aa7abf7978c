import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "../../../../src/core/read_settings.ts";
import { loadNetwork } from "../../../../src/azure/http/network.ts";
import { fakeHost } from "../../../support/host.ts";

const PEM = "-----BEGIN CERTIFICATE-----\nQQ==\n-----END CERTIFICATE-----\n";
const load = (env: Readonly<Record<string, string>>) =>
  loadNetwork(readSettings({ env }).settings, fakeHost({ files: { "ca.pem": PEM, "other.pem": "text" } }));

test("loadNetwork() reads the roots of the first variable that is set", async () => {
  assert.deepEqual(await load({}), {});
  for (const name of ["MLFLOW_AUTH_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE"]) {
    assert.deepEqual(await load({ [name]: "ca.pem" }), { extraRoots: PEM }, name);
  }
  assert.deepEqual(await load({ REQUESTS_CA_BUNDLE: "none.pem", MLFLOW_AUTH_CA_BUNDLE: "ca.pem" }), {
    extraRoots: PEM,
  });
});

test("loadNetwork() names the variable of a file that is missing or holds no certificate", async () => {
  await assert.rejects(load({ REQUESTS_CA_BUNDLE: "none.pem" }), {
    code: "setting-invalid",
    message: 'Cannot use "REQUESTS_CA_BUNDLE": there is no file none.pem',
  });
  await assert.rejects(load({ SSL_CERT_FILE: "other.pem" }), {
    code: "setting-invalid",
    message: 'Cannot use "SSL_CERT_FILE": other.pem holds no certificate',
  });
});
