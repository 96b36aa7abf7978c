import assert from "node:assert/strict";
import { test } from "node:test";
import { refusal } from "../../../../src/doctor/tracking/server_refusal.ts";

const base = new URL("https://mlflow.example:8443/team/");

test("refusal() names the server with its path, and the status", () => {
  const error = refusal("not-mlflow", { base, status: 404, kind: "bearer" });
  assert.deepEqual([error.code, error.message, error.remedy], [
    "mlflow-not-mlflow",
    'Cannot use tracking server "mlflow.example:8443/team": no MLflow server answers there (HTTP 404)',
    "correct the address; keep the path, if the server stands below one",
  ]);
});

test("refusal() keeps MLflow's own hosts in the list to allow, and names the proxy that may be to blame", () => {
  const { remedy } = refusal("host-blocked", { base, status: 403, kind: "bearer" });
  assert.match(remedy, /--allowed-hosts "localhost:\*,127\.0\.0\.1:\*,\[::1\]:\*,.*,mlflow\.example:8443"/);
  assert.match(remedy, /proxy in front of it/);
});

test("refusal() says what the server wants and what the secret holds", () => {
  const error = refusal("wrong-scheme", { base, status: 401, kind: "basic" });
  assert.deepEqual([error.code, error.message, error.remedy], [
    "mlflow-wrong-scheme",
    'Cannot use tracking server "mlflow.example:8443/team": it wants a token, the secret holds a user name and password (HTTP 401)',
    'store {"token": "…"} in the secret',
  ]);
});
