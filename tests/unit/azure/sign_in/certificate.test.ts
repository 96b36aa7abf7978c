import assert from "node:assert/strict";
import { test } from "node:test";
import { Secret } from "../../../../src/core/secret.ts";
import { isDer, isOldPkcs12, parseCertificate, pkcs12Error } from "../../../../src/azure/sign_in/certificate.ts";
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
  ["no PEM", "certificate-invalid", "hello", /^see what it is: file app\.pem$/],
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

test("parseCertificate() blames the password of an old encrypted key for whatever it deciphers to", () => {
  // One in 256 deciphers to a text of the right length, which is no key all the same.
  const text = form("pkcs1-encrypted") + own.certificate;
  const codes = Array.from({ length: 1000 }, (_, at) => {
    try {
      return parse(text, `wrong-canary-${at}`);
    } catch (error) {
      return error instanceof Error ? Reflect.get(error, "code") : error;
    }
  });
  assert.deepEqual([...new Set(codes)], ["certificate-password"]);
});

for (
  const [flaw, password, code, remedy] of [
    ["password", undefined, "certificate-password", /no password is set.*pkcs12 -in my\.pfx -noout$/s],
    ["password", "wrong canary", "certificate-password", /does not open it.*pkcs12 -in my\.pfx -noout$/s],
    [
      "password",
      "'canary'",
      "certificate-password",
      /does not open it: AZURE_CLIENT_CERTIFICATE_PASSWORD stands in quotes\n/,
    ],
    ["password", "$(canary)", "certificate-password", /PASSWORD is a reference that nobody resolved: \$\(…\)\n/],
    ["cut", "wrong canary", "certificate-invalid", /it is damaged.*again, as binary.*ls -l my\.pfx$/s],
    ["form", undefined, "certificate-invalid", /in DER.*asn1parse -inform DER -in my\.pfx$/s],
  ] as const
) {
  test(`pkcs12Error() tells ${flaw} ${password === undefined ? "without" : `with ${password.length} characters as`} a password`, () => {
    const source = { path: "my.pfx", password: password === undefined ? undefined : new Secret(password) };
    const error = pkcs12Error(flaw, source);
    assert.equal(error.code, code);
    assert.match(`${error.message}\n${error.remedy}`, remedy);
    assert.ok(!`${error.message} ${error.remedy}`.includes("canary"));
  });
}

test("isDer() tells DER from text", () => {
  const files: readonly (readonly number[])[] = [[0x30, 0x82, 1], [0x30, 0x80], [0x30, 0x30], [0x2d, 0x2d], []];
  assert.deepEqual(files.map((bytes) => isDer(new Uint8Array(bytes))), [true, true, false, false, false]);
});

test("isOldPkcs12() knows RC4 and RC2, and no other cipher", () => {
  const oid = (last: number): Uint8Array => new Uint8Array([6, 10, 42, 134, 72, 134, 247, 13, 1, 12, 1, last, 48]);
  assert.deepEqual([1, 2, 3, 4, 5, 6].map((last) => isOldPkcs12(oid(last))), [true, true, false, false, true, true]);
});
