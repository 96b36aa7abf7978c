import assert from "node:assert/strict";
import { test } from "node:test";
import { refusal, refused } from "../../../../src/doctor/tracking/server_refusal.ts";

const base = new URL("https://mlflow.example:8443/team/");

test("refusal() names the server with its path, and the status", () => {
  const error = refusal("not-mlflow", { base, status: 404 });
  assert.deepEqual([error.code, error.message, error.remedy], [
    "mlflow-not-mlflow",
    'Cannot use tracking server "mlflow.example:8443/team": no MLflow server answers there (HTTP 404)',
    "correct the address; keep the path, if the server stands below one",
  ]);
});

test("refusal() gives the host with and without its port to allow", () => {
  assert.equal(
    refusal("host-blocked", { base, status: 403 }).remedy,
    'add the name to the server\'s list: mlflow server --allowed-hosts "mlflow.example,mlflow.example:8443"',
  );
});

test("refused() says what the server wants and what the secret holds", () => {
  const error = refused({ challenge: "bearer" }, { base, kind: "basic" });
  assert.deepEqual([error.code, error.message, error.remedy], [
    "mlflow-wrong-scheme",
    'Cannot use tracking server "mlflow.example:8443/team": it wants a token, the secret holds a user name and password',
    'store {"token": "…"} in the secret',
  ]);
});

test("refused() calls a credential wrong where the challenge names no other kind", () => {
  assert.equal(refused({ challenge: undefined }, { base, kind: "basic" }).code, "mlflow-rejected");
  assert.equal(refused({ challenge: "negotiate" }, { base, kind: "bearer" }).code, "mlflow-rejected");
});
