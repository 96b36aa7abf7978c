import assert from "node:assert/strict";
import { test } from "node:test";
import { addressFlaw } from "../../../src/credential/tracking_address.ts";

const ours = "export MLFLOW_TRACKING_URI=https://mlflow.example:5000/team";

for (
  const uri of [
    "https://mlflow.example:5000/team ",
    "https://mlflow.example:5000/team\n",
    "https://mlflow.example:5000/te\u0007am",
    "https://mlflow.example:5000/team/#/experiments/0",
    "https://mlflow.example:5000/team?workspace=x",
    "https:\\\\mlflow.example:5000\\team",
    "https:/mlflow.example:5000/team",
    '"https://mlflow.example:5000/team"',
    "'https://mlflow.example:5000/team'\n",
    "https://ada:password@mlflow.example:5000/team#x",
  ]
) {
  test(`addressFlaw() corrects ${JSON.stringify(uri)}`, () => {
    const flaw = addressFlaw(uri);
    assert.deepEqual([flaw?.code, flaw?.remedy], ["setting-invalid", ours]);
  });
}

test("addressFlaw() leaves a place to fill in where nothing says what was meant", () => {
  for (const uri of ["https://mlflow.example:99999", "https://"]) {
    assert.equal(addressFlaw(uri)?.remedy, "export MLFLOW_TRACKING_URI=https://HOST:PORT");
  }
  assert.equal(addressFlaw("http:///team")?.remedy, "export MLFLOW_TRACKING_URI=http://HOST/team");
});

test("addressFlaw() knows a host without its scheme", () => {
  assert.equal(addressFlaw("mlflow.corp.example")?.remedy, "export MLFLOW_TRACKING_URI=https://mlflow.corp.example");
  assert.equal(addressFlaw("localhost:5000")?.remedy, "export MLFLOW_TRACKING_URI=http://localhost:5000");
});

test("addressFlaw() leaves alone what clients use as it is", () => {
  const fine = ["https://mlflow.example", "HTTP://127.0.0.1:5000/", "http://[::1]:5000", "https://a.example/x%20y/é"];
  const others = [
    "",
    "mlruns",
    "./mlruns",
    "/data/mlruns",
    "sqlite:///mlflow.db",
    "databricks",
    "azureml://x",
    "file:///x",
  ];
  for (const uri of [...fine, ...others]) assert.equal(addressFlaw(uri), undefined, uri);
});
