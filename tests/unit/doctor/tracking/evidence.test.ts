import assert from "node:assert/strict";
import { test } from "node:test";
import { evidenceOf, isHealthy } from "../../../../src/doctor/tracking/evidence.ts";

const basic = [{ scheme: "basic", parameters: {} }];

for (
  const [name, status, text, challenges, wanted] of [
    ["MLflow's list", 200, '{"experiments": []}', [], { body: "experiments", isMlflow: true, isApi: true }],
    ["an empty list", 200, "{}", [], { body: "experiments", isMlflow: true, isApi: true }],
    ["MLflow's refusal", 401, "You are not authenticated", basic, {
      body: "mlflow-sentence",
      isMlflow: true,
      isApi: true,
    }],
    ["MLflow's error", 400, '{"error_code":"BAD_REQUEST"}', [], { body: "mlflow-error", isMlflow: true, isApi: true }],
    ["Databricks' error", 403, '{"error_code":403}', [], { body: "json", isMlflow: false, isApi: true }],
    ["another API", 200, '{"hello": 1}', [], { body: "json", isMlflow: false, isApi: false }],
    ["a challenge", 401, "", basic, { body: "empty", isMlflow: false, isApi: true }],
    ["a page that challenges", 401, "<html></html>", basic, { body: "page", isMlflow: false, isApi: true }],
    ["a page", 200, "<html></html>", [], { body: "page", isMlflow: false, isApi: false }],
    ["a page that quotes MLflow", 200, "<html>Permission denied</html>", [], {
      body: "page",
      isMlflow: false,
      isApi: false,
    }],
    ["a sentence that is no refusal", 200, "Permission denied", [], { body: "text", isMlflow: false, isApi: false }],
    ["a parked domain", 200, "buy me", [], { body: "text", isMlflow: false, isApi: false }],
  ] as const
) {
  test(`evidenceOf() judges ${name}`, () => {
    assert.deepEqual(evidenceOf({ status, type: "text/html", text, challenges }), wanted);
  });
}

test("isHealthy() knows MLflow and mlflow-oidc-auth, and nobody else", () => {
  assert.ok(isHealthy({ status: 200, text: "OK\n" }));
  assert.ok(isHealthy({ status: 200, text: '{"status":"ok"}' }));
  for (const text of ["", "ok", "healthy", '{"status":"up"}']) assert.ok(!isHealthy({ status: 200, text }));
  assert.ok(!isHealthy({ status: 503, text: "OK" }));
});
