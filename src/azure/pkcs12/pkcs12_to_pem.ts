import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import { decrypted, pkcs12Key, type Reading, WrongPassword } from "./decrypt.ts";
import { type Asn1, type Forge, inside, listOf, nodeForge, numberOf, textOf } from "./node_forge.ts";

/** Why a file gives nothing: its password is another one (or missing), its end is missing, or it is not PKCS#12 as it is known here. */
export type Pkcs12Flaw = "password" | "cut" | "form";

/** What the file holds, as PEM, or why it gives nothing. */
export type Pkcs12Text = { readonly pem: string } | { readonly flaw: Pkcs12Flaw };

/** What objects are (RFC 7292, appendix D), and digests. */
const NAMES: Readonly<Record<string, string>> = {
  "1.2.840.113549.1.7.1": "data",
  "1.2.840.113549.1.12.10.1.1": "keyBag",
  "1.2.840.113549.1.12.10.1.2": "shroudedKeyBag",
  "1.2.840.113549.1.12.10.1.3": "certBag",
  "1.2.840.113549.1.12.10.1.6": "safeContentsBag",
  "1.2.840.113549.2.5": "md5",
  "1.3.14.3.2.26": "sha1",
  "2.16.840.1.101.3.4.2.1": "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
};

const nameOf = (value: Asn1, { asn1 }: Forge): string => NAMES[asn1.derToOid(textOf(value))] ?? "";

const parsed = (bytes: string, { asn1 }: Forge): Asn1 => asn1.fromDer(bytes, { strict: false, parseAllBytes: false });

/** Bytes of a digest. */
const LENGTHS: Readonly<Record<string, number>> = { md5: 16, sha1: 20, sha256: 32, sha384: 48, sha512: 64 };

/** Compares the checksum of a file (RFC 7292, section 5.1). */
function checkMac(mac: Asn1, content: string, { forge, password }: Reading): void {
  const digestInfo = inside(mac, 0);
  const digest = nameOf(inside(inside(digestInfo, 0), 0), forge);
  const length = LENGTHS[digest];
  if (length === undefined) throw new TypeError("the checksum is of an unknown kind");
  const key = pkcs12Key(password, {
    digest,
    salt: Buffer.from(textOf(inside(mac, 1)), "latin1"),
    iterations: listOf(mac)[2] === undefined ? 1 : numberOf(inside(mac, 2)),
    purpose: 3,
    length,
  });
  const own = createHmac(digest, key).update(Buffer.from(content, "latin1")).digest();
  if (!own.equals(Buffer.from(textOf(inside(digestInfo, 1)), "latin1"))) throw new WrongPassword();
}

function pemOf(label: string, der: string): string {
  const base64 = Buffer.from(der, "latin1").toString("base64");
  return `-----BEGIN ${label}-----\n${base64.replace(/.{1,64}/g, "$&\n")}-----END ${label}-----\n`;
}

/** The keys and certificates of bags (RFC 7292, section 4.2); others, such as revocation lists, are left out. */
function bagsOf(contents: Asn1, reading: Reading): string {
  const { forge } = reading;
  return listOf(contents).map((bag) => {
    const value = inside(inside(bag, 1), 0);
    switch (nameOf(inside(bag, 0), forge)) {
      case "keyBag":
        return pemOf("PRIVATE KEY", forge.asn1.toDer(value).getBytes());
      case "shroudedKeyBag":
        return pemOf("PRIVATE KEY", decrypted(inside(value, 0), textOf(inside(value, 1)), reading));
      case "certBag":
        return pemOf("CERTIFICATE", textOf(inside(inside(value, 1), 0)));
      case "safeContentsBag":
        return bagsOf(value, reading);
      default:
        return "";
    }
  }).join("");
}

/** All that a file holds (RFC 7292, section 4). */
function readFile(file: Asn1, reading: Reading): string {
  const { forge } = reading;
  const authenticated = textOf(inside(inside(inside(file, 1), 1), 0));
  const mac = listOf(file)[2];
  if (mac !== undefined) checkMac(mac, authenticated, reading);
  return listOf(parsed(authenticated, forge)).map((info) => {
    const content = inside(inside(info, 1), 0);
    if (nameOf(inside(info, 0), forge) === "data") return bagsOf(parsed(textOf(content), forge), reading);
    const encrypted = inside(content, 1);
    const contents = decrypted(inside(encrypted, 1), textOf(inside(encrypted, 2)), reading);
    try {
      return bagsOf(parsed(contents, forge), reading);
    } catch (cause) {
      // Without a checksum a wrong password is seen by what it deciphers to.
      throw mac === undefined ? new WrongPassword("", { cause }) : cause;
    }
  }).join("");
}

/** Whether a file has fewer bytes than its first value says (X.690, 8.1.3). */
function isCut(bytes: Uint8Array): boolean {
  const first = bytes[1] ?? 0;
  // A length that is not told ends with two zeros.
  if (first === 0x80) return bytes.at(-1) !== 0 || bytes.at(-2) !== 0;
  const size = first > 0x80 ? first - 0x80 : 0;
  const length = size === 0 ? first : bytes.subarray(2, 2 + size).reduce((sum, byte) => sum * 256 + byte, 0);
  return bytes.length < 2 + size + length;
}

/**
 * Reads a PKCS#12 file (`.pfx`, `.p12`): encrypted with 3DES or RC2, as Windows and OpenSSL 1 write it, or with AES.
 *
 * @param bytes the file
 * @param password its password; an empty one and none are two things in such a file, and both are tried where none is given
 * @returns its keys and certificates as PEM, the keys not encrypted, or why there are none
 * @see https://www.rfc-editor.org/rfc/rfc7292
 *
 * @example
 * ```ts
 * import { pkcs12ToPem } from "./pkcs12_to_pem.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(pkcs12ToPem(new Uint8Array([0x30, 0x82, 4, 0, 2, 1]), undefined), { flaw: "cut" });
 * ```
 */
export function pkcs12ToPem(bytes: Uint8Array, password: string | undefined): Pkcs12Text {
  if (isCut(bytes)) return { flaw: "cut" };
  const forge = nodeForge();
  let flaw: Pkcs12Flaw = "form";
  for (const one of password === undefined || password === "" ? ["", null] : [password]) {
    try {
      const file = parsed(Buffer.from(bytes).toString("latin1"), forge);
      return { pem: readFile(file, { forge, password: one }) };
    } catch (error) {
      flaw = error instanceof WrongPassword ? "password" : "form";
    }
  }
  return { flaw };
}
