import assert from "node:assert/strict";
import { test } from "node:test";
import { makeLog } from "../../../../src/core/log.ts";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { identity, passedNotes } from "../../../../src/doctor/checks/identity.ts";
import { makeSubject } from "../../../../src/doctor/subject.ts";
import { fakeHost } from "../../../support/host.ts";

const VAULT = { MLFLOW_AZURE_KEY_VAULT_URL: "https://team.vault.azure.net/secrets/mlflow" };

const said = async (env: Readonly<Record<string, string>>) => {
  const log = makeLog("ERROR", () => {});
  const notes = await identity.run(makeSubject({ ...readSettings({ env }), host: fakeHost({ env }), log }));
  return notes.map(({ message }) => message);
};

test("identity tells which one exec takes", async () => {
  const env = { ...VAULT, AZURE_TENANT_ID: "contoso.com", AZURE_CLIENT_ID: "c", AZURE_CLIENT_SECRET: "hidden" };
  const [chosen, ...others] = await said(env);
  assert.match(chosen ?? "", /^client-secret \(.*\): .*AZURE_CLIENT_SECRET/);
  assert.deepEqual(others, []);
});

test("identity tells which ones were passed over, and why", async () => {
  const env = { ...VAULT, IDENTITY_ENDPOINT: "http://127.0.0.1:9", IDENTITY_HEADER: "x" };
  const [chosen, passed] = await said(env);
  assert.match(chosen ?? "", /^managed-identity /);
  assert.match(passed ?? "", /^passed over: client-secret \(.*AZURE_CLIENT_SECRET.*\), /);
});

test("identity throws what exec would throw", async () => {
  await assert.rejects(said({ ...VAULT, AZURE_CLIENT_SECRET: "hidden" }), { code: "identity-incomplete" });
});

test("passedNotes() says nothing where nothing was passed over", () => {
  assert.deepEqual(passedNotes([]), []);
});
