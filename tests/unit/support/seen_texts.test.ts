import assert from "node:assert/strict";
import { test } from "node:test";
import { unprinted } from "../../support/seen_texts.ts";

const printed = new Map([[
  "network-dns",
  new Set(['Cannot read secret "a" from "x.vault.azure.net": the name x.y.z does not resolve']),
]]);

test("unprinted() takes other names and hosts for the same text, and an end for the end of a sentence", () => {
  const seen = [
    'Cannot read secret "mlflow" from "team.vault.azure.net": the name team.vault.azure.net does not resolve',
    "the name team.vault.azure.net does not resolve",
    'Cannot read secret "mlflow" from …',
  ];
  assert.deepEqual(unprinted(seen.map((text) => ({ code: "network-dns", text })), printed), []);
});

test("unprinted() names a text that no message has, and one of a code without messages", () => {
  const seen = [
    { code: "network-dns", text: 'Cannot read secret "mlflow" from "team.vault.azure.net": the name is unknown' },
    { code: "usage", text: "Cannot go on: x" },
  ];
  assert.equal(unprinted(seen, printed).length, 2);
});
