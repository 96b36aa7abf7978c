import assert from "node:assert/strict";
import { test } from "node:test";
import { makeLog } from "../../../../src/core/log.ts";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { CHECKS } from "../../../../src/doctor/checks/checks.ts";
import { diagnose } from "../../../../src/doctor/diagnose.ts";
import type { Steps } from "../../../../src/doctor/steps.ts";
import { makeSubject } from "../../../../src/doctor/subject.ts";
import { fakeHost } from "../../../support/host.ts";

/** The same steps; tells of each one that was asked for and failed. */
const watched = (steps: Steps, tell: (error: unknown) => void): Steps =>
  new Proxy(steps, {
    get: (all, name) => {
      const step: unknown = Reflect.get(all, name);
      return typeof step !== "function"
        ? step
        : () => step().catch((error: unknown) => (tell(error), Promise.reject(error)));
    },
  });

test("CHECKS have names of their own", () => {
  const names = CHECKS.map((check) => check.name);
  assert.deepEqual([...new Set(names)], names);
});

for (const check of CHECKS) {
  test(`CHECKS: ${check.name} looks at nothing outside where the vault is not known, and is not ok where it needed that`, async () => {
    const host = fakeHost({ env: {}, sleep: () => new Promise<void>(() => {}) });
    const subject = makeSubject({ ...readSettings({ env: {} }), host, log: makeLog("ERROR", () => {}) });
    const errors: unknown[] = [];
    const steps = watched(subject.steps, (error) => errors.push(error));
    const findings = await diagnose({ ...subject, steps }, { checks: [check], host, deadlineMs: 1000 });
    const wrong = findings.filter(({ status, code }) => code === "internal" || (status === "ok" && errors.length > 0));
    assert.deepEqual(wrong, []);
  });
}

test("CHECKS name a code and a remedy with whatever failed or warns", async () => {
  const env = {
    MLFLOW_AZURE_KEY_VAULT_URL: "https://vault.example/secrets/mlflow",
    AZURE_TENNANT_ID: "t",
    MLFLOW_TRACKING_URI: "http://mlflow.example",
    MLFLOW_SECRETS_ALLOWED_HOSTS: "other.example",
    MLFLOW_TRACKING_AUTH: "entra",
  };
  const host = fakeHost({ env, sleep: () => new Promise<void>(() => {}) });
  const subject = makeSubject({ ...readSettings({ env }), host, log: makeLog("ERROR", () => {}) });
  const findings = await diagnose(subject, { checks: CHECKS, host, deadlineMs: 1000 });
  const bad = findings.filter(({ status }) => status === "fail" || status === "warn");
  const told = bad.map(({ check, code }) => `${check} ${code}`);
  const wanted = [
    "settings vault-untrusted",
    "names setting-misspelled",
    "tracking host-not-allowed",
    "tracking tracking-plain-http",
    "shadows environment-shadows",
  ];
  assert.deepEqual(wanted.filter((one) => !told.includes(one)), []);
  assert.deepEqual(bad.filter(({ code, remedy }) => code === undefined || (remedy ?? "") === ""), []);
});
