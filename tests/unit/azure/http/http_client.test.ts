import assert from "node:assert/strict";
import { test } from "node:test";
import { httpRequestOf } from "../../../../src/azure/http/http_client.ts";

const request = {
  method: "GET",
  url: "https://login.corp/t",
  timeout: 0,
  headers: { toJSON: () => ({ Accept: "a" }) },
} as const;

test("httpRequestOf() keeps method, address, headers and body", () => {
  const { signal } = new AbortController();
  assert.deepEqual(httpRequestOf({ ...request, method: "POST", body: "a=b", abortSignal: signal, timeout: 9 }), {
    method: "POST",
    url: "https://login.corp/t",
    headers: { Accept: "a" },
    body: "a=b",
    timeoutMs: 9,
    signal,
  });
});

test("httpRequestOf() leaves the time to the client, and gives a managed identity endpoint more of it", () => {
  assert.deepEqual(httpRequestOf(request), { method: "GET", url: "https://login.corp/t", headers: { Accept: "a" } });
  assert.equal(httpRequestOf({ ...request, url: "http://127.0.0.1:9/token" }).timeoutMs, 10_000);
});
