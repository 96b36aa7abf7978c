import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { loadNetwork } from "../../../../src/azure/http/network.ts";
import { fakeHost } from "../../../support/host.ts";
import { pem, ROOT } from "../../../support/root.ts";

const PEM = pem(ROOT);
const DAMAGED = "-----BEGIN CERTIFICATE-----\nQQ==\n-----END CERTIFICATE-----\n";
const DER = new TextDecoder().decode(
  Uint8Array.of(0x30, 0x82, 0x03, 0x0f, 0x30, 0x82, 0x01, 0xf7, 0xa0, 0x03, 0x02, 0x01, 0x02),
);
const FILES = {
  "ca.pem": PEM,
  "other.pem": "text",
  "empty.pem": "",
  "bad.pem": DAMAGED + DAMAGED,
  "some.pem": DAMAGED + PEM,
  "certs/5f3a.0": PEM,
  "certs/README": "text",
  "more/x.crt": PEM,
  "none/README": "text",
  "der.cer": DER,
  "der/a.cer": DER,
  "der/b.cer": DER,
  // A request for a certificate begins alike, but for its version.
  "request.der": new TextDecoder().decode(Uint8Array.of(0x30, 0x82, 0x02, 0x51, 0x30, 0x82, 0x01, 0x39, 2, 1, 0, 0x30)),
};

async function load(env: Readonly<Record<string, string>>) {
  const warnings: string[] = [];
  const host = fakeHost({ env, files: FILES });
  const log = { warning: (line: string) => void warnings.push(line) };
  return { network: await loadNetwork(readSettings({ env }).settings, { host, log }), warnings };
}

test("loadNetwork() reads the roots of the first variable that is set, and names those that it did not read", async () => {
  assert.deepEqual(await load({}), { network: {}, warnings: [] });
  const names = ["MLFLOW_AUTH_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "SSL_CERT_DIR"];
  for (const name of names.slice(0, -1)) {
    assert.deepEqual((await load({ [name]: "ca.pem" })).network, { extraRoots: PEM }, name);
  }
  assert.deepEqual((await load({ REQUESTS_CA_BUNDLE: "none.pem", MLFLOW_AUTH_CA_BUNDLE: "ca.pem" })).network, {
    extraRoots: PEM,
    unreadRoots: ["REQUESTS_CA_BUNDLE"],
    ownRoots: true,
  });
  assert.deepEqual((await load({ CURL_CA_BUNDLE: "ca.pem" })).network, { unreadRoots: ["CURL_CA_BUNDLE"] });
  assert.deepEqual((await load({ MLFLOW_AUTH_CA_BUNDLE: ' "" ' })).network, {});
  assert.deepEqual((await load({ CURL_CA_BUNDLE: "'ca.pem'", SSL_CERT_FILE: "ca.pem" })).network, { extraRoots: PEM });
});

test("loadNetwork() reads a folder, and each folder of SSL_CERT_DIR, one certificate once", async () => {
  assert.deepEqual((await load({ REQUESTS_CA_BUNDLE: "certs" })).network, { extraRoots: PEM });
  assert.deepEqual((await load({ SSL_CERT_DIR: "certs:more:" })).network, { extraRoots: PEM });
});

test("loadNetwork() reads the folders of SSL_CERT_DIR that are there, and names the others", async () => {
  assert.deepEqual(await load({ SSL_CERT_DIR: "nowhere:certs" }), {
    network: { extraRoots: PEM },
    warnings: ["there is no file nowhere, which SSL_CERT_DIR names among others"],
  });
});

test("loadNetwork() says how each root of a folder in DER becomes PEM", async () => {
  await assert.rejects(load({ SSL_CERT_DIR: "der" }), {
    remedy: "write PEM, and name roots.pem: openssl x509 -inform der -in der/a.cer >>roots.pem; " +
      "openssl x509 -inform der -in der/b.cer >>roots.pem",
  });
});

test("loadNetwork() leaves a damaged block out, and says which", async () => {
  assert.deepEqual(await load({ SSL_CERT_FILE: "some.pem" }), {
    network: { extraRoots: PEM },
    warnings: ["certificate 1 of some.pem cannot be read, and is left out"],
  });
});

/** Places without a certificate, and what is said of each. */
const REFUSED = [
  ["REQUESTS_CA_BUNDLE", "none.pem", "there is no file none.pem"],
  ["SSL_CERT_FILE", "other.pem", "other.pem holds no certificate"],
  ["SSL_CERT_FILE", "empty.pem", "empty.pem is empty"],
  ["NODE_EXTRA_CA_CERTS", "bad.pem", "none of the 2 certificates of bad.pem can be read"],
  ["SSL_CERT_DIR", "none", "none holds no certificate"],
  ["SSL_CERT_DIR", "nowhere:neither", "there is no file nowhere"],
  ["SSL_CERT_FILE", "der.cer", "only DER, no PEM, in der.cer"],
  ["SSL_CERT_FILE", "request.der", "request.der holds no certificate"],
] as const;

for (const [name, place, is] of REFUSED) {
  test(`loadNetwork() refuses ${name}=${place}`, async () => {
    await assert.rejects(load({ [name]: place }), { code: "setting-invalid", message: `Cannot use "${name}": ${is}` });
  });
}
