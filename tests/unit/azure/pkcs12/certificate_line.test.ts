import assert from "node:assert/strict";
import { test } from "node:test";
import { certificateLine, isPkcs12Name, pkcs12Line } from "../../../../src/azure/pkcs12/certificate_line.ts";

test("isPkcs12Name() knows both endings, in any case", () => {
  const names = ["a.pfx", "a.P12", "a.pem", "pfx", "a.pfx.pem"];
  assert.deepEqual(names.filter(isPkcs12Name), ["a.pfx", "a.P12"]);
});

test("certificateLine() puts a path in quotes where a shell needs them", () => {
  assert.equal(
    certificateLine({ path: "my app.pfx" }, "-out app.crt"),
    "openssl pkcs12 -in 'my app.pfx' -nokeys -clcerts | openssl x509 -out app.crt",
  );
});

test("pkcs12Line() has -legacy for what OpenSSL 3 reads no other way", () => {
  const lines = [true, false, undefined].map((isOld) => pkcs12Line({ path: "a.pfx", isOld }));
  const plain = "openssl pkcs12 -in a.pfx";
  assert.deepEqual(lines, ["openssl pkcs12 -legacy -in a.pfx", plain, plain]);
});
