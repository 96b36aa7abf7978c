import assert from "node:assert/strict";
import { test } from "node:test";
import { pemParts } from "../../../src/host/send.ts";

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
