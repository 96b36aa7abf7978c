import assert from "node:assert/strict";
import { test } from "node:test";
import { artifactsNote } from "../../../../src/doctor/checks/artifacts.ts";

test("artifactsNote() knows both answers of a server that serves none", () => {
  const base = new URL("https://mlflow.example");
  const list =
    "Endpoint: /api/2.0/mlflow-artifacts/artifacts disabled due to the mlflow server running with `--no-serve-artifacts`";
  const file = '{"detail":"Artifact serving is disabled. …"}';
  for (const text of [list, file]) assert.equal(artifactsNote({ status: 503, text }, base).status, "ok");
  assert.equal(artifactsNote({ status: 404, text: "" }, base).status, "ok");
  assert.equal(artifactsNote({ status: 503, text: "busy" }, base).code, "mlflow-failed");
  assert.equal(artifactsNote({ status: 403, text: "Permission denied" }, base).code, "mlflow-forbidden");
});
