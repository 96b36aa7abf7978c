import assert from "node:assert/strict";
import { test } from "node:test";
import { makeSend, pemParts } from "../../../src/host/send.ts";

const block = (label: string, body: string): string => `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----`;

test("pemParts() takes certificates and the key in either order, with text between them", () => {
  const first = block("CERTIFICATE", "AAAA");
  const second = block("CERTIFICATE", "BBBB");
  const key = block("RSA PRIVATE KEY", "KKKK");
  const parts = { certificates: [`${first}\n`, `${second}\n`], key: `${key}\n` };
  assert.deepEqual(pemParts(`Bag Attributes\n${first}\n\n# next\n${second}\n${key}\n`), parts);
  assert.deepEqual(pemParts(`${key}\r\n${first}\r\n${second}`), parts);
});

test("pemParts() finds nothing in other text", () => {
  assert.deepEqual(pemParts("-----BEGIN CERTIFICATE-----\nAAAA"), { certificates: [], key: undefined });
  assert.deepEqual(pemParts(block("CERTIFICATE REQUEST", "AAAA")), { certificates: [], key: undefined });
});

test("makeSend() names the proxy of a request that was ended, which rejects with a text", async () => {
  const proxy = {
    url: "http://proxy.example:3128",
    host: "proxy.example:3128",
    variable: "HTTPS_PROXY",
    user: undefined,
  };
  const none = () => assert.fail("no connection of its own");
  const send = makeSend({ runtime: "bun", proxied: () => false, route: () => proxy, sockets: none });
  const request = new Request("https://team.vault.azure.net/", { signal: AbortSignal.abort("time is up") });
  await assert.rejects(send(request), {
    proxy: { host: "proxy.example:3128", variable: "HTTPS_PROXY" },
    cause: "time is up",
  });
});
