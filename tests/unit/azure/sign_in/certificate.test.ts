import assert from "node:assert/strict";
import { test } from "node:test";
import { Secret } from "../../../../src/core/secret.ts";
import { parseCertificate } from "../../../../src/azure/sign_in/certificate.ts";
import { keyAs, makeClientCertificate } from "../../../support/tls.ts";

const own = await makeClientCertificate();
const other = await makeClientCertificate();
const elliptic = await makeClientCertificate({ kind: "ec" });
const derOf = (pem: string): string => pem.replace(/-----[^-]+-----|\s/g, "");
const derOfKey = Uint8Array.from(atob(derOf(own.key)), (character) => character.charCodeAt(0));
const parse = (text: string, password?: string, path = "app.pem") =>
  parseCertificate(text, { path, password: password === undefined ? undefined : new Secret(password) });
const PASSWORD = "hunter2 canary";
const form = (kind: Parameters<typeof keyAs>[1]["form"]): string =>
  keyAs(own.key, { form: kind, passphrase: PASSWORD });

const readable: readonly (readonly [string, string, string?])[] = [
  ["key, then certificate", own.key + own.certificate],
  ["certificate, then key", own.certificate + own.key],
  ["CRLF", (own.key + own.certificate).replaceAll("\n", "\r\n")],
  ["bag attributes", `Bag Attributes\n    localKeyID: 01\n${own.key}subject=CN = x\n${own.certificate}`],
  ["PKCS#1", form("pkcs1") + own.certificate],
  ["a password that is not needed", own.key + own.certificate, PASSWORD],
  ["an encrypted PKCS#8 key", form("pkcs8-encrypted") + own.certificate, PASSWORD],
  ["an encrypted PKCS#1 key", own.certificate + form("pkcs1-encrypted"), PASSWORD],
];
for (const [what, text, password] of readable) {
  test(`parseCertificate() reads a file with ${what}`, () => {
    const { key, chain } = parse(text, password);
    assert.deepEqual([key, chain], [derOfKey, [derOf(own.certificate)]]);
  });
}

test("parseCertificate() takes the certificate of the key first, wherever it stands in the chain", () => {
  const { chain } = parse(other.certificate + own.key + elliptic.certificate + own.certificate);
  assert.deepEqual(chain, [derOf(own.certificate), derOf(other.certificate), derOf(elliptic.certificate)]);
});

test("parseCertificate() reads the certificate's dates", async () => {
  const old = await makeClientCertificate({ days: [-3, -1] });
  const { notBeforeMs, notAfterMs } = parse(old.key + old.certificate);
  assert.equal(notAfterMs - notBeforeMs, 2 * 86_400_000);
  assert.ok(notAfterMs < Date.parse(new Date().toUTCString()));
});

const refused: readonly (readonly [
  string,
  "certificate-invalid" | "certificate-password",
  string,
  RegExp,
  (string | undefined)?,
  string?,
])[] = [
  [
    "a .pfx",
    "certificate-invalid",
    "0\u0082\uFFFD",
    /^openssl pkcs12 -in my\.pfx -nodes -out my\.pem$/,
    undefined,
    "my.pfx",
  ],
  ["no PEM", "certificate-invalid", "hello", /^openssl pkcs12/],
  ["no key", "certificate-invalid", own.certificate, /cat key\.pem/],
  ["no certificate", "certificate-invalid", own.key, /cat certificate\.pem/],
  [
    "another key's certificate",
    "certificate-invalid",
    own.key + other.certificate,
    /openssl pkey -in app\.pem -pubout/,
  ],
  ["an elliptic key", "certificate-invalid", elliptic.key + elliptic.certificate, /rsa:2048/],
  [
    "an elliptic key in its own form",
    "certificate-invalid",
    elliptic.key.replaceAll("PRIVATE", "EC PRIVATE") + own.certificate,
    /rsa:2048/,
  ],
  ["a broken key", "certificate-invalid", own.key.replace(/MII.{20}/, "AAAA") + own.certificate, /openssl pkey/],
  [
    "an encrypted key and no password",
    "certificate-password",
    form("pkcs8-encrypted") + own.certificate,
    /AZURE_CLIENT_CERTIFICATE_PASSWORD/,
  ],
  [
    "an encrypted key and a wrong password",
    "certificate-password",
    form("pkcs8-encrypted") + own.certificate,
    /openssl pkey/,
    "wrong canary",
  ],
  [
    "an old encrypted key and a wrong password",
    "certificate-password",
    form("pkcs1-encrypted") + own.certificate,
    /openssl pkey/,
    "wrong canary",
  ],
];
for (const [what, code, text, remedy, password, path] of refused) {
  test(`parseCertificate() refuses a file with ${what}`, () => {
    assert.throws(() => parse(text, password, path), (error: Error) => {
      assert.equal(Reflect.get(error, "code"), code);
      assert.match(String(Reflect.get(error, "remedy")), remedy);
      assert.doesNotMatch(`${error.message} ${Reflect.get(error, "remedy")}`, /canary|MII/);
      return true;
    });
  });
}
