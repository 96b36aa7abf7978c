import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "../../../../src/core/read_settings.ts";
import { loadTrackingNetwork } from "../../../../src/doctor/tracking/tracking_network.ts";
import { fakeHost } from "../../../support/host.ts";

const env = { MLFLOW_TRACKING_SERVER_CERT_PATH: "/ca.pem", MLFLOW_TRACKING_CLIENT_CERT_PATH: "/me.pem" };
const { settings } = readSettings({ env });

test("loadTrackingNetwork() adds the server's roots to those that are trusted anyway", async () => {
  const host = fakeHost({ files: { "/ca.pem": "SERVER", "/me.pem": "ME" } });
  assert.deepEqual(await loadTrackingNetwork(settings, { base: { extraRoots: "BASE" }, host }), {
    extraRoots: "BASE\nSERVER",
    clientCertificate: "ME",
  });
});

test("loadTrackingNetwork() reads nothing that is not set", async () => {
  const none = readSettings({ env: {} }).settings;
  assert.deepEqual(await loadTrackingNetwork(none, { base: {}, host: fakeHost() }), {});
});

test("loadTrackingNetwork() names the variable of a file that is missing", async () => {
  await assert.rejects(
    loadTrackingNetwork(settings, { base: {}, host: fakeHost({ files: { "/ca.pem": "SERVER" } }) }),
    {
      code: "setting-invalid",
      message: 'Cannot use "MLFLOW_TRACKING_CLIENT_CERT_PATH": the file "/me.pem" cannot be read',
    },
  );
});
