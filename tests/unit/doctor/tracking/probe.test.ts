import assert from "node:assert/strict";
import { test } from "node:test";
import { makeLog } from "../../../../src/core/log.ts";
import { Secret } from "../../../../src/core/secret.ts";
import { ask, probeRequest, PROBES } from "../../../../src/doctor/tracking/probe.ts";

const base = new URL("https://ada:pw@mlflow.example:8443/team/?q=1#top");
const log = makeLog("ERROR", () => {});
const now = () => 0;
const after = () => () => {};
const never = () => new Promise<never>(() => {});

test("probeRequest() asks as MLflow's Python client does, and follows nothing", () => {
  const request = probeRequest(base, { probe: "search", workspace: "team" });
  assert.equal(request.url, "https://mlflow.example:8443/team/api/2.0/mlflow/experiments/search");
  assert.equal(request.method, "POST");
  assert.equal(request.redirect, "manual");
  assert.deepEqual(Object.fromEntries(request.headers), {
    "accept": "*/*",
    "accept-encoding": "gzip, deflate",
    "content-type": "application/json",
    "user-agent": "mlflow-python-client/3.17.2",
    "x-mlflow-client-version": "3.17.2",
    "x-mlflow-workspace": "team",
  });
});

test("probeRequest() takes one slash off, as the client does", () => {
  assert.equal(probeRequest(new URL("http://a/x//"), { probe: "health" }).url, "http://a/x//health");
});

test("probeRequest() signs with the header that was set", () => {
  const header = { name: "X-Auth", value: new Secret("Bearer abc") };
  assert.equal(probeRequest(base, { probe: "user", header }).headers.get("x-auth"), "Bearer abc");
});

test("PROBES only read", () => {
  assert.deepEqual(Object.values(PROBES).map(({ path }) => path), [
    "/health",
    "/api/2.0/mlflow/experiments/search",
    "/version",
    "/api/2.0/mlflow/users/current",
    "/api/2.0/mlflow-artifacts/artifacts?path=",
    "/api/3.0/mlflow/server-info",
  ]);
});

test("ask() says why there was no answer", async () => {
  const fetch = () => Promise.reject(new TypeError("dns error: failed to lookup address information"));
  await assert.rejects(ask(base, { probe: "health", host: { fetch, sleep: never, after, now }, log, network: {} }), {
    code: "mlflow-unreachable",
    message: 'Cannot reach tracking server "mlflow.example:8443": its name does not resolve',
  });
});

test("ask() gives up after 10 s, and aborts the request", async () => {
  let signal: AbortSignal | undefined;
  const host = {
    fetch: (request: Request) => {
      signal = request.signal;
      return never();
    },
    sleep: () => Promise.resolve(),
    after,
    now,
  };
  await assert.rejects(ask(base, { probe: "health", host, log, network: {} }), {
    code: "mlflow-unreachable",
    message: 'Cannot reach tracking server "mlflow.example:8443": no answer within 10 s',
  });
  assert.equal(signal?.aborted, true);
});

test("ask() passes on how the request is to be sent", async () => {
  const network = { extraRoots: "PEM", clientCertificate: "CERT" };
  const sent: unknown[] = [];
  const fetch = (_: Request, how: unknown) => {
    sent.push(how);
    return Promise.resolve(new Response("OK"));
  };
  await ask(base, { probe: "health", host: { fetch, sleep: never, after, now }, log, network });
  assert.deepEqual(sent, [{ ...network, asClient: true }]);
});

test("ask() logs method, address without values, status and time, and nothing of the credential", async () => {
  const lines: string[] = [];
  const header = { name: "Authorization", value: new Secret("Bearer hunter2") };
  const host = { fetch: () => Promise.resolve(new Response("no", { status: 401 })), sleep: never, after, now };
  await ask(base, { probe: "search", host, network: {}, header, log: makeLog("DEBUG", (line) => lines.push(line)) });
  assert.deepEqual(lines, [
    "mlflow-auth: debug: POST https://mlflow.example:8443/team/api/2.0/mlflow/experiments/search signed 401 0 ms",
  ]);
});
