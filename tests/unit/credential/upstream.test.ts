import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "../../../src/core/settings/read_settings.ts";
import { upstreamOf } from "../../../src/credential/upstream.ts";

const upstream = (env: Readonly<Record<string, string>>, allowHttp = false): string =>
  upstreamOf(readSettings({ env }).settings, { env, allowHttp }).href;
const refusal = (env: Readonly<Record<string, string>>): unknown => {
  try {
    return upstream(env);
  } catch (error) {
    return (error as { readonly code?: string }).code;
  }
};

test("upstreamOf() keeps the path of the tracking server, and none of its user name and password", () => {
  assert.equal(upstream({ MLFLOW_TRACKING_URI: "https://u:p@mlflow.example/team/a" }), "https://mlflow.example/team/a");
});

test("upstreamOf() refuses what is no server, what is not encrypted, and what it could not check", () => {
  assert.equal(refusal({}), "setting-missing");
  assert.equal(refusal({ MLFLOW_TRACKING_URI: "sqlite:///mlflow.db" }), "mlflow-uri-unsupported");
  assert.equal(refusal({ MLFLOW_TRACKING_URI: "databricks" }), "mlflow-uri-unsupported");
  assert.equal(refusal({ MLFLOW_TRACKING_URI: "http://mlflow.example" }), "tracking-plain-http");
  const insecure = { MLFLOW_TRACKING_URI: "https://mlflow.example", MLFLOW_TRACKING_INSECURE_TLS: "true" };
  assert.equal(refusal(insecure), "tls-untrusted");
});

test("upstreamOf() takes plain http on this machine, and elsewhere where that is allowed", () => {
  assert.equal(upstream({ MLFLOW_TRACKING_URI: "http://127.0.0.1:5000" }), "http://127.0.0.1:5000/");
  assert.equal(upstream({ MLFLOW_TRACKING_URI: "http://mlflow.example" }, true), "http://mlflow.example/");
});

test("upstreamOf() takes a registry on the tracking server, and refuses another one", () => {
  const tracking = { MLFLOW_TRACKING_URI: "https://mlflow.example/a" };
  assert.equal(
    upstream({ ...tracking, MLFLOW_REGISTRY_URI: "https://mlflow.example:443/a/" }),
    "https://mlflow.example/a",
  );
  assert.equal(upstream({ ...tracking, MLFLOW_REGISTRY_URI: "databricks-uc" }), "https://mlflow.example/a");
  assert.equal(refusal({ ...tracking, MLFLOW_REGISTRY_URI: "https://other.example/a" }), "registry-elsewhere");
  assert.equal(refusal({ ...tracking, MLFLOW_REGISTRY_URI: "https://mlflow.example/b" }), "registry-elsewhere");
});

test("upstreamOf() puts no proxy before a proxy", () => {
  const key = `mlflow-auth-${"k".repeat(43)}`;
  assert.equal(refusal({ MLFLOW_TRACKING_URI: "http://127.0.0.1:4040", MLFLOW_TRACKING_TOKEN: key }), "proxy-nested");
});
