import assert from "node:assert/strict";
import { test } from "node:test";
import { probeFailure } from "../../../../src/doctor/tracking/probe_failure.ts";

const base = new URL("https://mlflow.example:8443/team");
const failure = (message: string, url = base) => {
  const { code, remedy } = probeFailure(new TypeError(message), url);
  return { code, remedy };
};

test("probeFailure() tells an untrusted issuer, and names MLflow's own variable", () => {
  assert.deepEqual(failure("invalid peer certificate: UnknownIssuer"), {
    code: "tls-untrusted",
    remedy: "export MLFLOW_TRACKING_SERVER_CERT_PATH=<PEM file with the root that signed the server's certificate>",
  });
});

test("probeFailure() tells the other failures of TLS apart", () => {
  assert.equal(failure("invalid peer certificate: certificate not valid for name").code, "tls-name");
  assert.equal(failure("invalid peer certificate: certificate expired").code, "tls-date");
  assert.equal(failure("received corrupt message of type InvalidContentType").code, "tls-failed");
});

test("probeFailure() starts a server that is missing on this machine", () => {
  assert.equal(
    failure("Connection refused", new URL("http://127.0.0.1:5000")).remedy,
    "mlflow server --host 127.0.0.1 --port 5000",
  );
});

test("probeFailure() leaves no place holder in a remedy", () => {
  const messages = ["dns error", "connection reset", "operation timed out", "tunnel error", "something else"];
  for (const message of messages) assert.doesNotMatch(failure(message).remedy, /HOST|URL$/);
});
