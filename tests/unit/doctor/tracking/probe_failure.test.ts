import assert from "node:assert/strict";
import { test } from "node:test";
import { isAuthorityAsServer, probeFailure } from "../../../../src/doctor/tracking/probe_failure.ts";

const base = new URL("https://mlflow.example:8443/team");
const failure = (message: string, url = base) => {
  const { code, remedy } = probeFailure(new TypeError(message), { base: url, limitMs: 10_000, hasCertificate: false });
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

test("probeFailure() tells a server that wants a certificate by its alert, in the words of each runtime", () => {
  const alerts = [
    "received fatal alert: CertificateRequired",
    "received fatal alert: HandshakeFailure",
    "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED",
  ];
  for (const alert of alerts) assert.equal(failure(alert).code, "mlflow-client-certificate");
  const place = { base, limitMs: 1, hasCertificate: true };
  assert.match(probeFailure(new TypeError("received fatal alert: UnknownCA"), place).remedy, /authority/);
});

test("probeFailure() offers http as a whole line where no TLS is spoken", () => {
  const { remedy } = failure("received corrupt message of type InvalidContentType");
  assert.equal(remedy, "if the server speaks no TLS: export MLFLOW_TRACKING_URI=http://mlflow.example:8443/team");
});

test("isAuthorityAsServer() looks below an error of ours", () => {
  const error = probeFailure(new TypeError("invalid peer certificate: Other(CaUsedAsEndEntity)"), {
    base,
    limitMs: 1,
    hasCertificate: false,
  });
  assert.ok(isAuthorityAsServer(error));
  assert.ok(!isAuthorityAsServer(new TypeError("invalid peer certificate: UnknownIssuer")));
});

test("probeFailure() does not offer MLflow's own server where TLS is wanted", () => {
  assert.equal(
    failure("Connection refused", new URL("https://127.0.0.1:5000")).remedy,
    "start what speaks TLS there; mlflow server by itself speaks http: export MLFLOW_TRACKING_URI=http://127.0.0.1:5000",
  );
});
