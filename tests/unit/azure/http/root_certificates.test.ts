import assert from "node:assert/strict";
import { test } from "node:test";
import { X509Certificate } from "node:crypto";
import { readRoots } from "../../../../src/azure/http/root_certificates.ts";
import { pem, ROOT } from "../../../support/root.ts";

// Two roots, and the first as OpenSSL writes a trusted certificate, with its uses behind it.
const TWO = [
  "MIIBhzCCAS2gAwIBAgIULE/qyFQN65QxZVKQTL2HkDorivUwCgYIKoZIzj0EAwIwGDEWMBQGA1UEAwwNVGVzdCBSb290IFR3bzAg",
  "Fw0yNjExMjkyMDQyMjRaGA8yMTI2MTEwNTIwNDIyNFowGDEWMBQGA1UEAwwNVGVzdCBSb290IFR3bzBZMBMGByqGSM49AgEGCCqG",
  "SM49AwEHA0IABAg+5KBPJZoMXKsw0o9cEKkdp2KUMnDd4hAhB8SJH1MzSXUPJm1RBjKHkg/7B8cEb+Zgog2sTh77H9vDhiX3aB2j",
  "UzBRMB0GA1UdDgQWBBQkoSf0rECF97r/X1PRVhOzsbMJpjAfBgNVHSMEGDAWgBQkoSf0rECF97r/X1PRVhOzsbMJpjAPBgNVHRMB",
  "Af8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCICHLcJj8G84LMlCtjBT2yc/DxkzOrq5ouhDj8F1f8PrYAiEA/6f+/GlMmS3RpmxI",
  "9lD3em5MW3zlSFvppH1oOM1SYaw=",
].join("");
const TRUSTED = [
  "MIIBhzCCAS2gAwIBAgIUUO0o0IJoXiqFt0WB5JnomSLutT8wCgYIKoZIzj0EAwIwGDEWMBQGA1UEAwwNVGVzdCBSb290IE9uZTAg",
  "Fw0yNjExMjkyMDQyMjRaGA8yMTI2MTEwNTIwNDIyNFowGDEWMBQGA1UEAwwNVGVzdCBSb290IE9uZTBZMBMGByqGSM49AgEGCCqG",
  "SM49AwEHA0IABADzFobvidJ71c8oQEFPMU03lN608RO+GpnBW+iRgxWoM9ejHHJvXSC8mtZD69PkmXNXi0DdG2gF1i7ortuzVDaj",
  "UzBRMB0GA1UdDgQWBBTkuIYBXbimSc3sZ/dGMj5++h+p2jAfBgNVHSMEGDAWgBTkuIYBXbimSc3sZ/dGMj5++h+p2jAPBgNVHRMB",
  "Af8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIQCVJhr/DmpfL5UaBuoRbnT7hC50ZFWUZ6zydRZbs8qaFgIgOoNdOA9tFYvm3d0o",
  "gEyU2hGosH+D7VjGop36g/ssKcEwDDAKBggrBgEFBQcDAQ==",
].join("");

const subjects = (text: string) => readRoots(text).certificates.map((one) => new X509Certificate(one).subject);
const [one, two] = ["CN=Test Root One", "CN=Test Root Two"];

/** Files as people have them, what is read of them, and which blocks are damaged. */
const FILES:
  readonly (readonly [what: string, text: string, subjects: readonly string[], damaged?: readonly number[]])[] = [
    ["plain", pem(ROOT), [one]],
    ["a bundle with notes", `# Contoso\n${pem(ROOT)}\nsubject=x\n${pem(TWO)}`, [one, two]],
    ["CRLF", pem(ROOT).replaceAll("\n", "\r\n"), [one]],
    ["one long line", `-----BEGIN CERTIFICATE-----${ROOT}-----END CERTIFICATE-----`, [one]],
    ["an indent", pem(ROOT).replaceAll(/^/gm, "    "), [one]],
    ["escaped line ends", (pem(ROOT) + pem(TWO)).replaceAll("\n", "\\n"), [one, two]],
    ["escaped CRLF in quotes", JSON.stringify(pem(ROOT).replaceAll("\n", "\r\n")), [one]],
    ["TRUSTED", pem(TRUSTED, "TRUSTED CERTIFICATE"), [one]],
    ["X509", pem(ROOT, "X509 CERTIFICATE"), [one]],
    ["UTF-16 read as UTF-8", [...pem(ROOT)].join("\0"), [one]],
    ["a key beside it", `-----BEGIN PRIVATE KEY-----\nQQ==\n-----END PRIVATE KEY-----\n${pem(ROOT)}`, [one]],
    ["a block that is cut off", pem(ROOT.slice(0, 200)) + pem(TWO), [two], [1]],
    ["a block without its end", pem(ROOT).replace(/-----END.*/, "") + pem(TWO), [two], [1]],
    ["a block with a foreign character", pem(ROOT) + pem(TWO.replace("M", "*")), [one], [2]],
    ["a block of something else", pem(ROOT) + pem("QQ==") + pem(TWO), [one, two], [2]],
    ["a block with a wrong length inside", pem(`MIIB${ROOT.slice(4, 8)}MIJ${ROOT.slice(11)}`) + pem(TWO), [two], [1]],
    ["no block", "text", []],
    ["nothing", "", []],
  ];

for (const [what, text, found, damaged = []] of FILES) {
  test(`readRoots() reads ${what}`, () => {
    assert.deepEqual(subjects(text), found);
    assert.deepEqual(readRoots(text).damaged, damaged);
  });
}
