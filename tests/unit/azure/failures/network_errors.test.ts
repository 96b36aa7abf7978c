import assert from "node:assert/strict";
import { test } from "node:test";
import { explainNetwork } from "../../../../src/azure/failures/network_errors.ts";
import { FAILURE_KINDS } from "../../../../src/azure/http/network_failure.ts";

const doing = 'Cannot read secret "mlflow" from "team.vault.azure.net"';

test("explainNetwork() has a code for every kind of failure", () => {
  const codes = FAILURE_KINDS.map((kind) => explainNetwork({ kind, host: "team.vault.azure.net" }, { doing }).code);
  assert.deepEqual(codes, [
    "network-dns",
    "network-refused",
    "tls-untrusted",
    "tls-name",
    "tls-date",
    "tls-failed",
    "tls-failed",
    "network-reset",
    "network-timeout",
    "network-proxy",
    "deadline",
    "network-failed",
    "open-files-limit",
    "network-failed",
  ]);
});

test("explainNetwork() names the host, the bundle's variable and a command that shows the issuer", () => {
  const cause = new Error("below");
  const error = explainNetwork({ kind: "tls-untrusted", host: "127.0.0.1:8443" }, { doing, cause });
  assert.deepEqual([error.message, error.remedy, error.cause], [
    `${doing}: the issuer of the certificate of 127.0.0.1:8443 is not trusted`,
    "name your root: export MLFLOW_AUTH_CA_BUNDLE=<PEM file>; to see the issuer: " +
    "openssl s_client -connect 127.0.0.1:8443 -servername 127.0.0.1 </dev/null",
    cause,
  ]);
});

test("explainNetwork() speaks of the private zone for a vault alone", () => {
  const remedy = (host: string) => explainNetwork({ kind: "dns", host }, { doing }).remedy;
  assert.match(remedy("team.vault.azure.net"), /privatelink\.vaultcore\.azure\.net/);
  assert.doesNotMatch(remedy("login.microsoftonline.com"), /privatelink/);
});

test("explainNetwork() asks again as it was asked, over http where that was so", () => {
  const host = "127.0.0.1:8080";
  const remedy = (scheme: "http" | undefined) =>
    explainNetwork({ kind: "refused", host, ...(scheme === undefined ? {} : { scheme }) }, { doing }).remedy;
  assert.equal(remedy("http"), "check the address and your proxy settings: curl -v http://127.0.0.1:8080/");
  assert.match(remedy(undefined), /curl -v https:/);
});

test("explainNetwork() leads to roots that were not read, but not away from those of the program's own variable", () => {
  const failure = { kind: "tls-untrusted", host: "team.vault.azure.net", unreadRoots: ["SSL_CERT_DIR"] } as const;
  assert.equal(explainNetwork(failure, { doing }).remedy, 'export MLFLOW_AUTH_CA_BUNDLE="$SSL_CERT_DIR"');
  const own = explainNetwork({ ...failure, ownRoots: true }, { doing });
  assert.match(own.message, /set, but not read: SSL_CERT_DIR/);
  assert.match(own.remedy, /openssl s_client/);
});
