import assert from "node:assert/strict";
import { test } from "node:test";
import { makeLog } from "../../../../src/core/log.ts";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { SERVER_VARIABLES } from "../../../../src/credential/allowed_hosts.ts";
import { makeSubject } from "../../../../src/doctor/subject.ts";
import { elsewhereNotes, trackingUri, uriNotes } from "../../../../src/doctor/checks/tracking_uri.ts";
import { fakeHost } from "../../../support/host.ts";

const said = async (env: Readonly<Record<string, string>>) => {
  const log = makeLog("ERROR", () => {});
  const notes = await trackingUri.run(makeSubject({ ...readSettings({ env }), host: fakeHost({ env }), log }));
  return notes.map(({ status, code, message }) => `${status} ${code ?? message}`);
};

for (
  const [uri, wanted] of [
    ["https://mlflow.example/base", []],
    ["http://127.0.0.1:5000", []],
    ["http://localhost:5000", []],
    ["http://mlflow.example", ["warn tracking-plain-http"]],
    ["http://localhost.evil.example", ["warn tracking-plain-http"]],
    ["https://ada:pw@mlflow.example", ["warn environment-shadows"]],
    ["azureml://eastus.api.azureml.ms/mlflow", ["fail mlflow-uri-unsupported"]],
    ["databricks", ["fail mlflow-uri-unsupported"]],
    ["databricks://profile", ["fail mlflow-uri-unsupported"]],
    ["databricks-uc", ["fail mlflow-uri-unsupported"]],
    ["arn:aws:sagemaker:eu-west-1:1:mlflow-tracking-server/x", ["fail mlflow-uri-unsupported"]],
    ["sqlite:///mlflow.db", ["warn mlflow-uri-unsupported"]],
    ["./mlruns", ["warn mlflow-uri-unsupported"]],
  ] as const
) {
  test(`uriNotes() judges ${uri}`, () => {
    assert.deepEqual(uriNotes(uri).map(({ status, code }) => `${status} ${code}`), wanted);
  });
}

test("uriNotes() repeats no password", () => {
  const [note] = uriNotes("https://ada:pw@mlflow.example/base");
  assert.equal(note?.remedy, "export MLFLOW_TRACKING_URI=https://mlflow.example/base");
  assert.doesNotMatch(`${note?.message}`, /pw/);
});

test("trackingUri is skipped without a server, and content with one that may get the credential", async () => {
  assert.deepEqual(await said({}), ["skip not checked"]);
  assert.deepEqual(await said({ MLFLOW_TRACKING_URI: "https://mlflow.example" }), [
    'ok "mlflow.example" may get the credential',
  ]);
});

test("trackingUri fails on a host that the allow list does not name", async () => {
  const env = { MLFLOW_TRACKING_URI: "https://evil.example", MLFLOW_SECRETS_ALLOWED_HOSTS: "*.corp.example" };
  assert.deepEqual(await said(env), ["fail host-not-allowed"]);
});

test("trackingUri fails on both TLS switches, which MLflow refuses", async () => {
  const env = { MLFLOW_TRACKING_INSECURE_TLS: "true", MLFLOW_TRACKING_SERVER_CERT_PATH: "/ca.pem" };
  assert.deepEqual(await said(env), ["fail setting-conflict"]);
});

test("trackingUri warns where the server's certificate is not checked", async () => {
  assert.deepEqual(
    await said({ MLFLOW_TRACKING_INSECURE_TLS: "true", MLFLOW_TRACKING_URI: "https://mlflow.example" }),
    [
      "warn tls-untrusted",
    ],
  );
});

for (const name of SERVER_VARIABLES.filter((one) => one !== "MLFLOW_TRACKING_URI")) {
  test(`elsewhereNotes() warns of a second server in ${name}, and of nothing else`, () => {
    const told = (tracking: string | undefined, other: string | undefined) =>
      elsewhereNotes(tracking, { [name]: other }).map(({ code, message, remedy }) => [
        code,
        message.includes(`${name} names "b.example"`),
        remedy?.endsWith(`: unset ${name}`),
      ]);
    const warned = [["registry-elsewhere", true, true]];
    assert.deepEqual(told("https://a.example", "https://b.example"), warned);
    assert.deepEqual(told(undefined, "https://b.example"), warned);
    assert.deepEqual(told("https://a.example/x", "https://a.example/y"), []);
    assert.deepEqual(told("https://a.example", "sqlite:///registry.db"), []);
    assert.deepEqual(told("https://a.example", "databricks"), []);
    assert.deepEqual(told("https://a.example", undefined), []);
  });
}
