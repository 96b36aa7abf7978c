import assert from "node:assert/strict";
import { test } from "node:test";
import type { Finding } from "../../../src/doctor/finding.ts";
import { reportJson, reportText } from "../../../src/doctor/report.ts";

const findings: readonly Finding[] = [
  { check: "settings", status: "ok", message: "complete", durationMs: 1 },
  {
    check: "vault",
    status: "fail",
    code: "vault-forbidden",
    message: "Cannot read it",
    remedy: "az role",
    durationMs: 9,
  },
  { check: "secret", status: "skip", message: "not checked", reason: '"vault" failed', durationMs: 9 },
];

test("reportText() writes a line for each finding, its remedy and page below, and a count", () => {
  assert.equal(
    reportText(findings, { colours: false }),
    [
      "ok    settings   complete",
      "fail  vault      Cannot read it",
      "      try:  az role",
      "      more: mlflow-auth explain vault-forbidden  (docs/errors.md#vault-forbidden)",
      'skip  secret     not checked: "vault" failed',
      "",
      "1 ok, 1 failed, 1 skipped",
      "",
    ].join("\n"),
  );
});

test("reportText() colours the status alone where that is wanted", () => {
  const [line] = reportText(findings, { colours: true }).split("\n");
  assert.equal(line, "\x1b[32mok  \x1b[0m  settings   complete");
});

test("reportJson() names the worst status", () => {
  const status = (...statuses: readonly Finding["status"][]) =>
    reportJson(statuses.map((one) => ({ check: "x", status: one, message: "m", durationMs: 0 }))).status;
  assert.equal(status("ok", "skip"), "ok");
  assert.equal(status("ok", "warn"), "warn");
  assert.equal(status("warn", "fail"), "fail");
  assert.equal(status("skip"), "fail");
});

test("reportJson() gives the findings as they are", () => {
  assert.deepEqual(reportJson(findings), { schemaVersion: 1, status: "fail", findings });
});
