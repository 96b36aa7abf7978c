import assert from "node:assert/strict";
import { test } from "node:test";
import { makeLog } from "../../../../src/core/log.ts";
import { Secret } from "../../../../src/core/secret.ts";
import { ask, probeRequest, PROBES, readAnswer } from "../../../../src/doctor/tracking/probe.ts";

const base = new URL("https://ada:pw@mlflow.example:8443/team/?q=1#top");
const log = makeLog("ERROR", () => {});
const now = () => 0;
const never = () => new Promise<never>(() => {});

test("probeRequest() keeps the path, drops user name, password, query and fragment, and follows nothing", () => {
  const request = probeRequest(base, { probe: "search" });
  assert.equal(request.url, "https://mlflow.example:8443/team/api/2.0/mlflow/experiments/search?max_results=1");
  assert.equal(request.method, "GET");
  assert.equal(request.redirect, "manual");
  assert.equal(request.headers.get("authorization"), null);
});

test("probeRequest() signs with the header that was set", () => {
  const header = { name: "X-Auth", value: new Secret("Bearer abc") };
  assert.equal(probeRequest(base, { probe: "user", header }).headers.get("x-auth"), "Bearer abc");
});

test("PROBES only read", () => {
  assert.deepEqual(PROBES, {
    health: "/health",
    search: "/api/2.0/mlflow/experiments/search?max_results=1",
    version: "/version",
    user: "/api/2.0/mlflow/users/current",
    artifacts: "/api/2.0/mlflow-artifacts/artifacts?path=",
  });
});

test("readAnswer() reads where a redirect leads, also a relative one", async () => {
  const answer = async (location: string) =>
    (await readAnswer(new Response(null, { status: 302, headers: { location } }), base)).redirectHost;
  assert.equal(await answer("https://login.microsoftonline.com/x?client_id=1"), "login.microsoftonline.com");
  assert.equal(await answer("/login"), "mlflow.example:8443");
});

test("readAnswer() stops reading a body that does not end", async () => {
  let cancelled = false;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (controller) => controller.enqueue(new Uint8Array(16_384).fill(97)),
    cancel: () => void (cancelled = true),
  });
  const { text } = await readAnswer(new Response(body), base);
  assert.equal(text.length, 65_536);
  assert.ok(cancelled);
});

test("ask() says why there was no answer", async () => {
  const fetch = () => Promise.reject(new TypeError("dns error: failed to lookup address information"));
  await assert.rejects(ask(base, { probe: "health", host: { fetch, sleep: never, now }, log, network: {} }), {
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
  await ask(base, { probe: "health", host: { fetch, sleep: never, now }, log, network });
  assert.deepEqual(sent, [network]);
});

test("ask() logs method, address without values, status and time, and nothing of the credential", async () => {
  const lines: string[] = [];
  const header = { name: "Authorization", value: new Secret("Bearer hunter2") };
  const host = { fetch: () => Promise.resolve(new Response("no", { status: 401 })), sleep: never, now };
  await ask(base, { probe: "search", host, network: {}, header, log: makeLog("DEBUG", (line) => lines.push(line)) });
  assert.deepEqual(lines, [
    "mlflow-auth: debug: GET https://mlflow.example:8443/team/api/2.0/mlflow/experiments/search?max_results=… signed 401 0 ms",
  ]);
});
