import assert from "node:assert/strict";
import { test } from "node:test";
import { classifyNetworkFailure, type NetworkFailure } from "../../../../src/azure/http/network_failure.ts";

const HOST = "team.vault.azure.net";
const URL_TEXT = `https://${HOST}/secrets/a?api-version=7.6`;
const deno = (text: string): Error =>
  new TypeError(`error sending request for url (${URL_TEXT}): client error (Connect): ${text}`);
const coded = (code: string, message = code): Error => Object.assign(new Error(message), { code });

const seen: readonly (readonly [NetworkFailure["kind"], unknown])[] = [
  ["dns", deno("dns error: failed to lookup address information: Name or service not known")],
  ["dns", coded("ENOTFOUND", "getaddrinfo ENOTFOUND")],
  ["refused", deno("tcp connect error: Connection refused (os error 111)")],
  ["refused", coded("ConnectionRefused", "Unable to connect. Is the computer able to access the url?")],
  ["refused", new TypeError("fetch failed", { cause: coded("ECONNREFUSED") })],
  ["refused", new TypeError("fetch failed", { cause: { errors: [coded("ECONNREFUSED")] } })],
  ["proxy", deno("tunnel error: unsuccessful")],
  ["proxy", deno("tunnel error: proxy authorization required")],
  ["tls-untrusted", deno("invalid peer certificate: UnknownIssuer")],
  ["tls-untrusted", coded("UNABLE_TO_VERIFY_LEAF_SIGNATURE", "unable to verify the first certificate")],
  ["tls-untrusted", coded("DEPTH_ZERO_SELF_SIGNED_CERT", "self signed certificate")],
  ["tls-name", deno("invalid peer certificate: NotValidForName")],
  [
    "tls-name",
    deno('invalid peer certificate: certificate not valid for name "x"; certificate is only valid for DnsName("y")'),
  ],
  ["tls-name", coded("ERR_TLS_CERT_ALTNAME_INVALID")],
  ["tls-date", deno("invalid peer certificate: Expired: certificate expired: verification time 5")],
  ["tls-date", deno("invalid peer certificate: NotValidYet")],
  ["tls-date", deno("invalid peer certificate: certificate not valid yet: verification time 1 (UNIX)")],
  ["tls-date", coded("CERT_HAS_EXPIRED", "certificate has expired")],
  ["tls-none", deno("received corrupt message of type InvalidContentType")],
  ["tls-none", deno("received fatal alert: ProtocolVersion")],
  ["tls-failed", deno("received fatal alert: HandshakeFailure")],
  ["reset", deno("connection closed before message completed")],
  ["reset", new TypeError("error reading a body from connection")],
  ["reset", deno("unexpected end of file")],
  ["reset", coded("ECONNRESET", "The socket connection was closed unexpectedly")],
  ["timeout", coded("ETIMEDOUT")],
  ["open-files", deno("tcp open error: Too many open files (os error 24): Too many open files (os error 24)")],
  ["open-files", deno("dns error: Too many open files (os error 24)")],
  ["open-files", coded("EMFILE", "EMFILE: Was there a typo in the url or port?")],
  ["failed", new Error("something new")],
  ["failed", "a text"],
  ["failed", undefined],
];
for (const [kind, error] of seen) {
  const text = error instanceof Error ? error.message.slice(0, 160) : String(error);
  test(`classifyNetworkFailure() takes ${JSON.stringify(text)} for ${kind}`, () => {
    assert.deepEqual(classifyNetworkFailure(error, HOST), { kind, host: HOST });
  });
}

test("classifyNetworkFailure() is not misled by the host's name", () => {
  for (const host of ["dns-refused-proxy-certificate.vault.azure.net:8443", "reset-timeout"]) {
    const error = new Error(
      `error sending request for url (https://${host}/tunnel): no idea about ${host.split(":")[0]}`,
    );
    assert.deepEqual(classifyNetworkFailure(error, host), { kind: "failed", host });
  }
});

test("classifyNetworkFailure() takes a certificate for the name of a proxy for a certificate", () => {
  const error = new Error(
    'invalid peer certificate: certificate not valid for name "vault.example"; certificate is only valid for "proxy.b"',
  );
  assert.equal(classifyNetworkFailure(error, "127.0.0.1:1").kind, "tls-name");
});
