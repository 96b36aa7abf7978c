import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import forge from "node-forge/lib/forge.js";
import "node-forge/lib/pkcs12.js";
import "node-forge/lib/pki.js";
import { pkcs12ToPem } from "../../../../src/azure/pkcs12/pkcs12_to_pem.ts";
import { parseCertificate } from "../../../../src/azure/sign_in/certificate.ts";
import { makeClientCertificate } from "../../../support/tls.ts";

const own = await makeClientCertificate();
const other = await makeClientCertificate();
const key = forge.pki.privateKeyFromPem(own.key);
const chain = [own, other].map(({ certificate }) => forge.pki.certificateFromPem(certificate));

/** A file as node-forge makes it; what OpenSSL makes is read for real. */
function made(password: string | null, algorithm: "aes256" | "3des"): Uint8Array {
  const options = { algorithm, count: 10 };
  const der = forge.asn1.toDer(forge.pkcs12.toPkcs12Asn1(key, chain, password, options)).getBytes();
  return Buffer.from(der, "latin1");
}

const derOf = (pem: string): string => pem.replace(/-----[^-]+-----|\s/g, "");

for (const algorithm of ["aes256", "3des"] as const) {
  // Other letters node-forge writes in a way of its own by AES; OpenSSL's are read for real.
  for (const password of ["secret-canary", "", ...algorithm === "3des" ? ["pässwörd-€"] : []]) {
    test(`pkcs12ToPem() reads a file by ${algorithm} with the password ${JSON.stringify(password)}`, () => {
      const read = pkcs12ToPem(made(password, algorithm), password);
      if (!("pem" in read)) throw new Error(`The file has a flaw: ${read.flaw}`);
      const { chain: certificates, key: der } = parseCertificate(read.pem, { path: "app.pfx", password: undefined });
      assert.deepEqual(certificates, [own, other].map(({ certificate }) => derOf(certificate)));
      assert.equal(Buffer.from(der).toString("base64"), derOf(own.key));
    });
  }

  test(`pkcs12ToPem() tells a wrong password of a file by ${algorithm}`, () => {
    const file = made("secret-canary", algorithm);
    assert.deepEqual(pkcs12ToPem(file, "another"), { flaw: "password" });
    assert.deepEqual(pkcs12ToPem(file, undefined), { flaw: "password" });
  });
}

test("pkcs12ToPem() reads a file without a password where none is told", () => {
  assert.ok("pem" in pkcs12ToPem(made("", "aes256"), undefined));
  assert.ok("pem" in pkcs12ToPem(made(null, "aes256"), undefined));
});

test("pkcs12ToPem() tells what is DER and no such file", () => {
  assert.deepEqual(pkcs12ToPem(Buffer.from(derOf(own.certificate), "base64"), "x"), { flaw: "form" });
});
