import assert from "node:assert/strict";
import { test } from "node:test";
import { explainBusy, morePatience } from "../../../../src/azure/failures/busy_errors.ts";
import { explainFailure } from "../../../../src/azure/failures/failures.ts";
import { CONTEXT } from "../../../support/failure_context.ts";

const busy = (host: string, status = 429, retryAfterMs?: number) => ({ host, status, retryAfterMs });
const MANAGED = { ...CONTEXT, identity: { name: "managed-identity", title: "managed identity" } };
const IMDS = "127.0.0.1:9";

test("explainFailure() says who is asked too often, whatever the SDK threw", () => {
  const [entra, vault] = [CONTEXT.authority.host, CONTEXT.vault.host];
  const cases = [
    [{ ...CONTEXT, busy: busy(entra) }, new Error("AADSTS90055 throttled"), "entra-throttled"],
    [{ ...CONTEXT, busy: busy(entra) }, Object.assign(new Error("abort"), { name: "AbortError" }), "entra-throttled"],
    [{ ...CONTEXT, busy: busy(vault), outOfTime: true }, new Error("time is up"), "vault-throttled"],
    [{ ...CONTEXT, busy: busy(vault, 503), outOfTime: true }, new Error("time is up"), "vault-failed"],
    [{ ...MANAGED, busy: busy(IMDS) }, new Error("ManagedIdentityCredential: no"), "managed-identity-busy"],
    [{ ...MANAGED, busy: busy(IMDS, 410) }, new Error("ManagedIdentityCredential: no"), "managed-identity-busy"],
    [{ ...MANAGED, busy: busy(IMDS, 500), outOfTime: true }, new Error("time is up"), "managed-identity-busy"],
    [{ ...CONTEXT, busy: busy(vault) }, new Error("AADSTS7000215"), "entra-secret-wrong"],
  ] as const;
  for (const [context, error, code] of cases) assert.equal(explainFailure(error, context).code, code);
});

test("explainBusy() leaves failures of the vault, and of Entra ID itself, to those who know them", () => {
  assert.equal(explainBusy({ ...CONTEXT, busy: busy(CONTEXT.vault.host) }), undefined);
  assert.equal(explainBusy({ ...CONTEXT, busy: busy(CONTEXT.authority.host, 503) }), undefined);
  assert.equal(explainBusy({ ...CONTEXT, busy: busy("token.actions.githubusercontent.com") }), undefined);
  assert.equal(explainBusy(CONTEXT), undefined);
});

test("morePatience() names a deadline that is long enough", () => {
  assert.match(morePatience({ busy: busy("h"), deadlineSec: 15 }), /^try again in a minute.*--deadline 60;/);
  assert.match(morePatience({ busy: busy("h", 429, 90_000), deadlineSec: 15 }), /^wait 90 s, .*--deadline 105;/);
});
