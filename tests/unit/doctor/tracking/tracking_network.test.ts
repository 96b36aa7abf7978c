import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { loadTrackingNetwork } from "../../../../src/doctor/tracking/tracking_network.ts";
import { fakeHost } from "../../../support/host.ts";

const pem = (label: string, text: string): string => `-----BEGIN ${label}-----\n${text}\n-----END ${label}-----\n`;
const [SERVER, OURS] = [pem("CERTIFICATE", "SERVER"), pem("CERTIFICATE", "OURS")];
const ME = pem("CERTIFICATE", "ME") + pem("PRIVATE KEY", "KEY");
const files = { "/ca.pem": SERVER, "/other.pem": OURS, "/me.pem": ME };

const load = (env: Readonly<Record<string, string>>, more: Readonly<Record<string, string>> = {}) =>
  loadTrackingNetwork(readSettings({ env }).settings, {
    base: env["MLFLOW_AUTH_CA_BUNDLE"] === undefined ? {} : { extraRoots: OURS },
    host: fakeHost({ env, files: { ...files, ...more } }),
  });

test("loadTrackingNetwork() trusts what MLflow's clients trust: the first variable that is set, alone", async () => {
  const names = ["MLFLOW_TRACKING_SERVER_CERT_PATH", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"];
  for (const [at, name] of names.entries()) {
    const later = Object.fromEntries(names.slice(at + 1).map((other) => [other, "/other.pem"]));
    const { network, trustedBy } = await load({ ...later, [name]: "/ca.pem" });
    assert.deepEqual([network, trustedBy], [{ extraRoots: SERVER }, name]);
  }
});

test("loadTrackingNetwork() keeps roots that only we trust apart, with the file to name for MLflow", async () => {
  const env = { MLFLOW_AUTH_CA_BUNDLE: "/other.pem", MLFLOW_TRACKING_CLIENT_CERT_PATH: "/me.pem" };
  assert.deepEqual(await load(env), {
    network: { clientCertificate: ME },
    trustedBy: undefined,
    ours: {
      network: { clientCertificate: ME, extraRoots: OURS },
      path: "/other.pem",
      variable: "MLFLOW_AUTH_CA_BUNDLE",
    },
  });
});

test("loadTrackingNetwork() reads no roots for a server without TLS, as MLflow's clients do", async () => {
  const env = { MLFLOW_TRACKING_URI: "http://mlflow.example", REQUESTS_CA_BUNDLE: "/no.pem" };
  assert.deepEqual(await load(env), { network: {}, trustedBy: undefined });
});

test("loadTrackingNetwork() sends somebody whose folder OpenSSL cannot read to openssl rehash", async () => {
  await assert.rejects(load({ REQUESTS_CA_BUNDLE: "/certs/" }, { "/certs/ca.pem": SERVER }), {
    code: "setting-invalid",
    message:
      'Cannot use "REQUESTS_CA_BUNDLE": "/certs/" holds no certificate under the name by which OpenSSL looks for it',
    remedy: "give them those names: openssl rehash /certs/",
  });
});

test("loadTrackingNetwork() reads nothing that is not set", async () => {
  assert.deepEqual(await load({}), { network: {}, trustedBy: undefined });
});

for (
  const [name, env, more, message] of [
    [
      "a file that is missing",
      { CURL_CA_BUNDLE: "/no.pem" },
      {},
      'Cannot use "CURL_CA_BUNDLE": there is no file "/no.pem"',
    ],
    [
      "roots that are none",
      { REQUESTS_CA_BUNDLE: "/x" },
      { "/x": "hello" },
      'Cannot use "REQUESTS_CA_BUNDLE": "/x" holds no certificate',
    ],
    [
      "a client certificate without its key",
      { MLFLOW_TRACKING_CLIENT_CERT_PATH: "/ca.pem" },
      {},
      'Cannot use "MLFLOW_TRACKING_CLIENT_CERT_PATH": "/ca.pem" holds no private key',
    ],
    [
      "a client certificate in another form",
      { MLFLOW_TRACKING_CLIENT_CERT_PATH: "/x" },
      { "/x": "0\u0082" },
      'Cannot use "MLFLOW_TRACKING_CLIENT_CERT_PATH": "/x" is no PEM file',
    ],
    [
      "a key with a password",
      { MLFLOW_TRACKING_CLIENT_CERT_PATH: "/x" },
      { "/x": SERVER + pem("ENCRYPTED PRIVATE KEY", "KEY") },
      'Cannot use "MLFLOW_TRACKING_CLIENT_CERT_PATH": the private key in "/x" has a password, which MLflow\'s clients ask a terminal for',
    ],
  ] as const
) {
  test(`loadTrackingNetwork() refuses ${name}`, async () => {
    await assert.rejects(load(env, more), { code: "setting-invalid", message });
  });
}
