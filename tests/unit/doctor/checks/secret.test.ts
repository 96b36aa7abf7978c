import assert from "node:assert/strict";
import { test } from "node:test";
import { secretNotes } from "../../../../src/doctor/checks/secret.ts";

const vault = { host: "team.vault.azure.net", name: "mlflow", origin: "https://team.vault.azure.net" };
const attributes = {
  version: "0123456789abcdef0123456789abcdef",
  contentType: undefined,
  createdOn: new Date("2025-01-02T03:04:05Z"),
  updatedOn: new Date("2025-02-03T04:05:06Z"),
  expiresOn: undefined,
  notBefore: undefined,
  enabled: true,
  tagNames: [],
};
const nowMs = Date.UTC(2026, 0, 1);

test("secretNotes() tells version and dates", () => {
  assert.deepEqual(secretNotes(attributes, { vault, nowMs }), [{
    status: "ok",
    message: '"mlflow": version 0123456789abcdef0123456789abcdef, created 2025-01-02 03:04 UTC, ' +
      "updated 2025-02-03 04:05 UTC, no expiry date",
  }]);
});

test("secretNotes() tells content type and names of tags, in characters that a terminal may be given", () => {
  const [note] = secretNotes({ ...attributes, contentType: "text/\u001bplain", tagNames: ["owner", "team"] }, {
    vault,
    nowMs,
  });
  assert.match(note?.message ?? "", /content type text\/\?plain, tags owner, team$/);
});

test("secretNotes() warns of a secret past its date, and of one before it", () => {
  const codes = (more: Partial<typeof attributes> | { expiresOn: Date } | { notBefore: Date }) =>
    secretNotes({ ...attributes, ...more }, { vault, nowMs }).map(({ status, code }) => `${status} ${code ?? ""}`);
  assert.deepEqual(codes({ expiresOn: new Date(nowMs) }), ["ok ", "warn secret-expired"]);
  assert.deepEqual(codes({ expiresOn: new Date(nowMs + 1) }), ["ok "]);
  assert.deepEqual(codes({ notBefore: new Date(nowMs + 1) }), ["ok ", "warn secret-not-yet-valid"]);
});
