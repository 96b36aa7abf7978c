import assert from "node:assert/strict";
import { createHash, createPublicKey } from "node:crypto";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { parseCertificate } from "../../../../src/azure/sign_in/certificate.ts";
import { signAssertion } from "../../../../src/azure/sign_in/certificate_assertion.ts";
import { makeClientCertificate } from "../../../support/tls.ts";

const pair = await makeClientCertificate();
const extra = await makeClientCertificate();
const certificate = parseCertificate(pair.key + pair.certificate + extra.certificate, {
  path: "app.pem",
  password: undefined,
});
const options = {
  id: "j-1",
  clientId: "c-1",
  audience: "https://login.corp/t/oauth2/v2.0/token",
  nowMs: 1_700_000_000_999,
};
const decode = (part: string | undefined): unknown => JSON.parse(Buffer.from(part ?? "", "base64url").toString());

test("signAssertion() says who signs for whom, for ten minutes, and with which certificate", async () => {
  const [header, claims] = (await signAssertion(certificate, { ...options, sendChain: false })).split(".");
  const der = Buffer.from(certificate.chain[0], "base64");
  assert.deepEqual(decode(header), {
    alg: "PS256",
    typ: "JWT",
    "x5t#S256": createHash("sha256").update(der).digest("base64url"),
  });
  assert.deepEqual(decode(claims), {
    aud: "https://login.corp/t/oauth2/v2.0/token",
    iss: "c-1",
    sub: "c-1",
    jti: "j-1",
    iat: 1_700_000_000,
    nbf: 1_700_000_000,
    exp: 1_700_000_600,
  });
});

test("signAssertion() sends the chain where it is asked to", async () => {
  const [header] = (await signAssertion(certificate, { ...options, sendChain: true })).split(".");
  assert.deepEqual(Reflect.get(Object(decode(header)), "x5c"), certificate.chain);
});

test("signAssertion() signs so that the certificate's public key verifies it", async () => {
  const assertion = await signAssertion(certificate, { ...options, sendChain: false });
  const [header, claims, signature] = assertion.split(".");
  const spki = createPublicKey(pair.key).export({ type: "spki", format: "der" });
  const algorithm = { name: "RSA-PSS", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("spki", new Uint8Array(spki), algorithm, false, ["verify"]);
  const verify = (text: string) =>
    crypto.subtle.verify(
      { name: "RSA-PSS", saltLength: 32 },
      key,
      new Uint8Array(Buffer.from(signature ?? "", "base64url")),
      new TextEncoder().encode(text),
    );
  assert.deepEqual([await verify(`${header}.${claims}`), await verify(`${header}.${claims}x`)], [true, false]);
});
