import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { ERRORS } from "../../../../src/core/errors.ts";
import { makeLog } from "../../../../src/core/log.ts";
import { readSettings } from "../../../../src/core/read_settings.ts";
import { CHECKS } from "../../../../src/doctor/checks/checks.ts";
import { diagnose } from "../../../../src/doctor/diagnose.ts";
import { makeSubject } from "../../../../src/doctor/subject.ts";
import { fakeHost } from "../../../support/host.ts";

const page = (name: string) => readFile(new URL(`../../../../docs/${name}`, import.meta.url), "utf8");

test("CHECKS have names of their own", () => {
  const names = CHECKS.map((check) => check.name);
  assert.deepEqual([...new Set(names)], names);
});

test("CHECKS are described in docs/doctor-json.md, in order, and nothing else is", async () => {
  const text = await page("doctor-json.md");
  const table = text.slice(text.search(/^\| check +\|/m));
  const rows = [...table.slice(0, table.indexOf("\n\n")).matchAll(/^\| `([a-z-]+)` +\| (.*?) +\|$/gm)];
  assert.deepEqual(rows.map(([, name, doc]) => ({ name, doc })), CHECKS.map(({ name, doc }) => ({ name, doc })));
});

test("every code has one heading in docs/errors.md, and nothing else has", async () => {
  const headings = [...(await page("errors.md")).matchAll(/^### (.*)$/gm)].map(([, code]) => code);
  assert.deepEqual(headings.toSorted(), ERRORS.map(({ code }) => `${code}`).toSorted());
});

test("CHECKS look at nothing outside where the vault is not known, and none of them is ok that needs it", async () => {
  const host = fakeHost({ env: {}, sleep: () => new Promise<void>(() => {}) });
  const subject = makeSubject({ ...readSettings({ env: {} }), host, log: makeLog("ERROR", () => {}) });
  const findings = await diagnose(subject, { checks: CHECKS, host, deadlineMs: 1000 });
  assert.deepEqual(findings.map(({ check, status }) => `${check} ${status}`), [
    "settings fail",
    "names ok",
    "tracking skip",
    "shadows ok",
    "proxies ok",
    "ci skip",
    "network skip",
    "clock skip",
    "identity skip",
    "token skip",
    "vault skip",
    "secret skip",
    "credential skip",
    "server skip",
    "sign-in skip",
    "artifacts skip",
  ]);
});

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
  assert.deepEqual(bad.map(({ check, code }) => `${check} ${code}`), [
    "settings vault-untrusted",
    "names setting-misspelled",
    "tracking host-not-allowed",
    "tracking tracking-plain-http",
    "shadows environment-shadows",
  ]);
  assert.ok(bad.every(({ remedy }) => (remedy ?? "") !== ""));
});
