import assert from "node:assert/strict";
import { test } from "node:test";
import { trackingUrl } from "../../../../src/doctor/tracking/tracking_url.ts";

test("trackingUrl() reads http and https in any case, a blank before it as clients do", () => {
  assert.equal(trackingUrl(" HTTPS://mlflow.example/base")?.href, "https://mlflow.example/base");
  assert.equal(trackingUrl("http://127.0.0.1:5000")?.host, "127.0.0.1:5000");
});

test("trackingUrl() gives nothing for any other scheme, a folder, or what clients read differently", () => {
  const flawed = ["https://", "http:mlflow", "https://a.example ", "https://a.example/?x=1", "https://a.example:99999"];
  for (const uri of ["", "mlruns", "file:///mlruns", "databricks", "azureml://x", ...flawed]) {
    assert.equal(trackingUrl(uri), undefined);
  }
});
