import assert from "node:assert/strict";
import { test } from "node:test";
import { AuthError, type ErrorCode } from "../../../../src/core/errors.ts";
import { makeLog } from "../../../../src/core/log.ts";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { makeSubject } from "../../../../src/doctor/subject.ts";
import { vault } from "../../../../src/doctor/checks/vault.ts";
import { fakeHost } from "../../../support/host.ts";

const look = (code: ErrorCode) => {
  const env = { MLFLOW_AZURE_KEY_VAULT_URL: "https://team.vault.azure.net/secrets/mlflow" };
  const whole = makeSubject({ ...readSettings({ env }), host: fakeHost({ env }), log: makeLog("ERROR", () => {}) });
  const error = new AuthError(code, { message: "Cannot read it", remedy: "try again" });
  return vault.run({ ...whole, steps: { ...whole.steps, secret: () => Promise.reject(error) } });
};

test("vault is content with a vault that speaks of the secret", async () => {
  for (const code of ["secret-not-found", "secret-disabled"] as const) {
    assert.deepEqual(await look(code), [
      { status: "ok", message: '"team.vault.azure.net" lets the identity read secrets' },
    ]);
  }
});

test("vault fails with everything else that kept the secret away", async () => {
  for (const code of ["vault-forbidden", "entra-secret-wrong", "network-dns", "deadline"] as const) {
    await assert.rejects(look(code), { code });
  }
});
