import assert from "node:assert/strict";
import { test } from "node:test";
import { makeLog } from "../../../src/core/log.ts";
import { readSettings } from "../../../src/core/settings/read_settings.ts";
import { makeSubject } from "../../../src/doctor/subject.ts";
import { fakeHost } from "../../support/host.ts";

const env = { MLFLOW_TRACKING_URI: "https://mlflow.example" };
const parts = { ...readSettings({ env }), host: fakeHost({ env }), log: makeLog("ERROR", () => {}) };

test("makeSubject() examines MLFLOW_TRACKING_URI, or the URL of --dry-run in its place", () => {
  assert.equal(makeSubject(parts).settings.trackingUri.value, "https://mlflow.example");
  assert.deepEqual(makeSubject({ ...parts, dryRun: "https://other.example" }).settings.trackingUri, {
    value: "https://other.example",
    source: { from: "flag", name: "--dry-run" },
  });
});

test("makeSubject() has no steps of a server for a URI that names none", () => {
  assert.equal(makeSubject({ ...parts, dryRun: "azureml://x" }).steps.server, undefined);
  assert.equal(makeSubject(parts).steps.server?.base.href, "https://mlflow.example/");
});
