import assert from "node:assert/strict";
import { test } from "node:test";
import { main } from "../../../../src/cli/run.ts";
import { CHECKS } from "../../../../src/doctor/checks/checks.ts";
import { fakeHost } from "../../../support/host.ts";

async function doctor(...argv: readonly string[]) {
  const host = fakeHost({
    sleep: (_, signal) => new Promise((settle) => signal?.addEventListener("abort", () => settle())),
  });
  const status = await main(["doctor", ...argv], host);
  return { status, stdout: host.stdout.text(), stderr: host.stderr.text() };
}

test("doctor runs every check and ends with 1 where one failed", async () => {
  const { status, stdout } = await doctor("--json");
  const { schemaVersion, status: worst, findings } = JSON.parse(stdout);
  assert.deepEqual({ status, schemaVersion, worst }, { status: 1, schemaVersion: 1, worst: "fail" });
  const seen = new Set(findings.map((finding: { check: string }) => finding.check));
  assert.deepEqual(CHECKS.filter(({ name }) => !seen.has(name)), []);
});

test("doctor prints for people by default", async () => {
  const { status, stdout } = await doctor();
  assert.equal(status, 1);
  assert.match(stdout, /^fail {2}settings/m);
  assert.match(stdout, / failed, .* skipped\n$/);
});

test("doctor --dry-run refuses what is no http(s) URL", async () => {
  const { status, stdout, stderr } = await doctor("--dry-run", "mlflow.corp");
  assert.deepEqual({ status, stdout }, { status: 2, stdout: "" });
  assert.match(stderr, /^mlflow-auth: Cannot try the credential: --dry-run expects an http\(s\) URL/);
});
