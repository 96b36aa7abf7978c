import assert from "node:assert/strict";
import { test } from "node:test";
import { proxyNotes } from "../../../../src/doctor/checks/proxy_variables.ts";

const HTTP_PROXY = "http://proxy.example:3128";
const local = "http://127.0.0.1:5000";
const remote = "https://mlflow.example";
const codes = (env: Readonly<Record<string, string>>, uri?: string) =>
  proxyNotes(env, uri).map((note) => note.code ?? note.status);

test("proxyNotes() is content without a proxy for http, and with one that exempts this machine", () => {
  assert.deepEqual(codes({ HTTPS_PROXY: HTTP_PROXY }, local), ["ok"]);
  assert.deepEqual(codes({ HTTP_PROXY, NO_PROXY: "localhost,127.0.0.1" }, local), ["ok"]);
  assert.deepEqual(codes({ HTTP_PROXY, NO_PROXY: "*" }, local), ["ok"]);
});

test("proxyNotes() warns where a server on this machine would be asked through the proxy", () => {
  assert.deepEqual(proxyNotes({ HTTP_PROXY, NO_PROXY: ".corp" }, local), [{
    status: "warn",
    code: "proxy-catches-loopback",
    message: 'Cannot reach "127.0.0.1" directly from Python: HTTP_PROXY is set and NO_PROXY does not exempt it',
    remedy: 'export NO_PROXY=".corp,127.0.0.1,localhost"',
  }]);
});

test("proxyNotes() warns of a lower-case name that hides the upper-case one", () => {
  const env = { HTTP_PROXY, NO_PROXY: "127.0.0.1,localhost", no_proxy: ".corp" };
  assert.deepEqual(codes(env, local), ["proxy-catches-loopback"]);
  assert.deepEqual(codes(env, remote), ["proxy-catches-loopback"]);
  assert.deepEqual(codes({ ...env, no_proxy: "" }, local), ["ok"]);
});

test("proxyNotes() leaves a proxy alone that no request for this machine meets", () => {
  assert.deepEqual(codes({ HTTP_PROXY, NO_PROXY: ".corp" }, remote), ["ok"]);
  assert.deepEqual(codes({ HTTP_PROXY }), ["ok"]);
});
