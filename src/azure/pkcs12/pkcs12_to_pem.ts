import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import forge from "node-forge/lib/forge.js";
import digests from "node-forge/lib/md.all.js";
import pbe from "node-forge/lib/pbe.js";

/** A value of ASN.1 as node-forge has it: text of a byte a character, or the values inside. */
interface Asn1 {
  readonly value: string | readonly Asn1[];
}

interface Bytes {
  readonly getBytes: () => string;
}

interface Cipher {
  readonly update: (input: Bytes) => void;
  readonly finish: () => boolean;
  readonly output: Bytes;
}

type Oids = Readonly<Record<string, string | undefined>>;

/** The part of node-forge that is used, which comes without types. https://github.com/digitalbazaar/forge */
interface Forge {
  readonly asn1: {
    readonly fromDer: (bytes: string, options: { readonly strict: boolean; readonly parseAllBytes: boolean }) => Asn1;
    readonly toDer: (value: Asn1) => Bytes;
    readonly derToOid: (bytes: string) => string;
  };
  readonly md: Readonly<Record<string, { readonly create: () => { readonly digestLength: number } } | undefined>>;
  readonly pki: { readonly oids: Oids; readonly pbe: Pbe };
  readonly util: { readonly createBuffer: (bytes: string) => Bytes };
}

interface Pbe {
  readonly getCipher: (oid: string, parameters: Asn1, password: string | null) => Cipher;
  readonly getCipherForPBES2: (oid: string, parameters: Asn1, password: string | null) => Cipher;
  readonly generatePkcs12Key: (
    ...values: readonly [
      password: string | null,
      salt: Bytes,
      id: number,
      iterations: number,
      length: number,
      digest: unknown,
    ]
  ) => Bytes;
}

/** Why a file gives nothing: its password is another one (or missing), or it is not PKCS#12 as it is known here. */
export type Pkcs12Flaw = "password" | "form";

/** What the file holds, as PEM, or why it gives nothing. */
export type Pkcs12Text = { readonly pem: string } | { readonly flaw: Pkcs12Flaw };

/** What a file is read with. */
interface Reading {
  readonly forge: Forge;
  readonly password: string | null;
}

/** The password does not open what it is for; anything else that is thrown says that the file is of another form. */
class WrongPassword extends Error {}

/**
 * Each file of node-forge adds itself to one object when it is evaluated, which may be only when something of it is asked for. By itself
 * it takes a byte of a password for each character where a file is encrypted as RFC 8018 says; OpenSSL and Windows take UTF-8.
 */
function wholeForge(): Forge {
  if (digests.sha512 === undefined || pbe.getCipher === undefined) throw new TypeError("node-forge is not whole");
  return forge;
}

function inside({ value }: Asn1, at: number): Asn1 {
  const found = typeof value === "string" ? undefined : value[at];
  if (found === undefined) throw new TypeError("a value is missing");
  return found;
}

const listOf = ({ value }: Asn1): readonly Asn1[] => typeof value === "string" ? [] : value;

/** A string's bytes: as BER allows, it may be of several strings. */
const bytesOf = ({ value }: Asn1): string => typeof value === "string" ? value : value.map(bytesOf).join("");

const numberOf = (value: Asn1): number => parseInt(Buffer.from(bytesOf(value), "latin1").toString("hex"), 16);

/** The name of an object identifier, such as `pkcs8ShroudedKeyBag`. */
const nameOf = (value: Asn1, { asn1, pki }: Forge): string => pki.oids[asn1.derToOid(bytesOf(value))] ?? "";

const parsed = (bytes: string, { asn1 }: Forge): Asn1 => asn1.fromDer(bytes, { strict: false, parseAllBytes: false });

/** What is encrypted by an algorithm and its parameters (RFC 8018, appendix A; RFC 7292, appendix C). */
function decrypted(algorithm: Asn1, encrypted: string, { forge, password }: Reading): string {
  const { asn1, pki, util } = forge;
  const oid = asn1.derToOid(bytesOf(inside(algorithm, 0)));
  const isUtf8 = pki.oids[oid] === "pkcs5PBES2" && password !== null;
  const cipher = pki.pbe.getCipher(
    oid,
    inside(algorithm, 1),
    isUtf8 ? Buffer.from(password, "utf8").toString("latin1") : password,
  );
  cipher.update(util.createBuffer(encrypted));
  if (!cipher.finish()) throw new WrongPassword();
  return cipher.output.getBytes();
}

/** Compares the checksum of a file, where it has one (RFC 7292, section 5.1). */
function checkMac(mac: Asn1, content: string, { forge, password }: Reading): void {
  const digestInfo = inside(mac, 0);
  const name = nameOf(inside(inside(digestInfo, 0), 0), forge);
  const digest = forge.md[name]?.create();
  if (digest === undefined) throw new TypeError("the checksum is of an unknown kind");
  const salt = forge.util.createBuffer(bytesOf(inside(mac, 1)));
  const iterations = listOf(mac)[2] === undefined ? 1 : numberOf(inside(mac, 2));
  const key = forge.pki.pbe.generatePkcs12Key(password, salt, 3, iterations, digest.digestLength, digest);
  const own = createHmac(name, Buffer.from(key.getBytes(), "latin1")).update(Buffer.from(content, "latin1")).digest();
  if (!own.equals(Buffer.from(bytesOf(inside(digestInfo, 1)), "latin1"))) throw new WrongPassword();
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
      case "pkcs8ShroudedKeyBag":
        return pemOf("PRIVATE KEY", decrypted(inside(value, 0), bytesOf(inside(value, 1)), reading));
      case "certBag":
        return pemOf("CERTIFICATE", bytesOf(inside(inside(value, 1), 0)));
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
  const authenticated = bytesOf(inside(inside(inside(file, 1), 1), 0));
  const mac = listOf(file)[2];
  if (mac !== undefined) checkMac(mac, authenticated, reading);
  return listOf(parsed(authenticated, forge)).map((info) => {
    const content = inside(inside(info, 1), 0);
    if (nameOf(inside(info, 0), forge) === "data") return bagsOf(parsed(bytesOf(content), forge), reading);
    const encrypted = inside(content, 1);
    const contents = decrypted(inside(encrypted, 1), bytesOf(inside(encrypted, 2)), reading);
    try {
      return bagsOf(parsed(contents, forge), reading);
    } catch (cause) {
      // Without a checksum a wrong password is seen by what it deciphers to.
      throw mac === undefined ? new WrongPassword("", { cause }) : cause;
    }
  }).join("");
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
 * assert.deepEqual(pkcs12ToPem(new TextEncoder().encode("0not DER"), undefined), { flaw: "form" });
 * ```
 */
export function pkcs12ToPem(bytes: Uint8Array, password: string | undefined): Pkcs12Text {
  const forge = wholeForge();
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
