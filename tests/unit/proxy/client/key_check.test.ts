import assert from "node:assert/strict";
import { test } from "node:test";
import { Secret } from "../../../../src/core/secret.ts";
import { makeKeyCheck } from "../../../../src/proxy/client/key_check.ts";

const check = makeKeyCheck(new Secret("mlflow-auth-key"));

test("makeKeyCheck() finds the key as bearer token and as any user's password", () => {
  const values = ["Bearer mlflow-auth-key", "bearer   mlflow-auth-key", `Basic ${btoa("mlflow:mlflow-auth-key")}`];
  assert.deepEqual([...values, `BASIC ${btoa(":mlflow-auth-key")}`].map(check.inHeader), [true, true, true, true]);
});

test("makeKeyCheck() takes nothing else for the key", () => {
  const others = [
    ...["", "mlflow-auth-key", "Bearer", "Bearer mlflow-auth-kex", "Bearer mlflow-auth-key2", "Bearer mlflow-auth-ke"],
    ...["Bearer mlflow-auth-key x", "Digest mlflow-auth-key", `Basic ${btoa("mlflow-auth-key:")}`, "Basic !"],
    ...[`Basic ${btoa("a:b:mlflow-auth-key")}`, "Bearer MLFLOW-AUTH-KEY", `Bearer ${"\xe9".repeat(15)}`],
  ];
  assert.deepEqual(others.filter(check.inHeader), []);
});

test("makeKeyCheck() takes the key off the target, and only as its whole first segment", () => {
  const targets = [
    "/mlflow-auth-key",
    "/mlflow-auth-key/",
    "/mlflow-auth-key?a=1",
    "/mlflow-auth-key//x",
    "/mlflow-auth-key/a/b?c",
  ];
  assert.deepEqual(targets.map(check.inTarget), ["/", "/", "/?a=1", "//x", "/a/b?c"]);
  const others = [
    "/",
    "/version",
    "/mlflow-auth-key2",
    "/mlflow-auth-kex/",
    "//mlflow-auth-key",
    "/x/mlflow-auth-key",
    "/mlflow-auth-key;x",
  ];
  assert.deepEqual(others.map(check.inTarget), others.map(() => undefined));
});
