import assert from "node:assert/strict";
import { test } from "node:test";
import { isLoopback } from "../../../src/core/host_name.ts";

for (
  const url of [
    "https://localhost",
    "https://LOCALHOST:8443",
    "https://127.0.0.1",
    "https://127.8.9.1",
    "https://[::1]",
    "https://127.1",
  ]
) {
  test(`isLoopback() takes ${url} for this machine`, () => assert.equal(isLoopback(new URL(url).hostname), true));
}
for (
  const url of [
    "https://localhost.example.org",
    "https://127.0.0.1.example.org",
    "https://128.0.0.1",
    "https://0.0.0.0",
    "https://[::2]",
    "https://my-localhost",
  ]
) {
  test(`isLoopback() takes ${url} for another`, () => assert.equal(isLoopback(new URL(url).hostname), false));
}
