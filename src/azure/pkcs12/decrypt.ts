import { Buffer } from "node:buffer";
import { createHash, pbkdf2Sync } from "node:crypto";
import { type Asn1, type Cipher, type Forge, inside, listOf, numberOf, textOf } from "./node_forge.ts";

/** What a file is read with. */
export interface Reading {
  readonly forge: Forge;
  /** `null` is none, which is not the same as an empty one. */
  readonly password: string | null;
}

/** The password does not open what it is for. */
export class WrongPassword extends Error {}

const bytes = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, "latin1"));
const binary = (data: Uint8Array): string => Buffer.from(data).toString("latin1");

/** What a key is made of (RFC 7292, appendix B). */
export interface KeyOptions {
  /** A name of `createHash`. */
  readonly digest: string;
  readonly salt: Uint8Array;
  readonly iterations: number;
  /** What the key is for: 1 encryption, 2 its first vector, 3 a checksum. */
  readonly purpose: 1 | 2 | 3;
  /** Length in bytes. */
  readonly length: number;
}

/** A text as often as it takes to fill whole blocks. */
function filled(text: Uint8Array, block: number): Uint8Array {
  const size = block * Math.ceil(text.length / block);
  return Uint8Array.from({ length: size }, (_, at) => text[at % text.length] ?? 0);
}

/** Adds one number to another and 1, both of as many bytes; what is more than fits is lost. */
function addOne(to: Uint8Array, other: Uint8Array): void {
  let carry = 1;
  for (let at = to.length - 1; at >= 0; at--) {
    carry += (to[at] ?? 0) + (other[at] ?? 0);
    to[at] = carry & 0xff;
    carry >>= 8;
  }
}

/**
 * Makes a key of a password in PKCS#12's own way.
 *
 * @param password the password, `null` for none
 * @param options what else it is made of
 * @returns the key
 * @see https://www.rfc-editor.org/rfc/rfc7292#appendix-B
 *
 * @example
 * ```ts
 * import { pkcs12Key } from "./decrypt.ts";
 * import { Buffer } from "node:buffer";
 * import assert from "node:assert/strict";
 *
 * const salt = Buffer.from("0a58cf64530d823f", "hex");
 * const key = pkcs12Key("smeg", { digest: "sha1", salt, iterations: 1, purpose: 1, length: 24 });
 * assert.equal(Buffer.from(key).toString("hex"), "8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3");
 * ```
 */
export function pkcs12Key(password: string | null, options: KeyOptions): Uint8Array<ArrayBuffer> {
  const { digest, salt, iterations, purpose, length } = options;
  const block = /sha(?:384|512)/.test(digest) ? 128 : 64;
  const text = password === null ? new Uint8Array() : new Uint8Array(Buffer.from(`${password}\0`, "utf16le").swap16());
  const material = Buffer.concat([filled(salt, block), filled(text, block)]);
  const key: Uint8Array[] = [];
  for (let size = 0; size < length;) {
    let hash = createHash(digest).update(new Uint8Array(block).fill(purpose)).update(material).digest();
    for (let round = 1; round < iterations; round++) hash = createHash(digest).update(hash).digest();
    key.push(hash);
    size += hash.length;
    const step = Uint8Array.from({ length: block }, (_, at) => hash[at % hash.length] ?? 0);
    for (let at = 0; at < material.length; at += block) addOne(material.subarray(at, at + block), step);
  }
  return new Uint8Array(Buffer.concat(key).subarray(0, length));
}

/** Ciphers of PKCS#12's own (RFC 7292, appendix C): bytes of the key, and of RC2 the bits that count. */
const OWN: Readonly<Record<string, { readonly length: number; readonly rc2Bits?: number }>> = {
  "1.2.840.113549.1.12.1.3": { length: 24 },
  "1.2.840.113549.1.12.1.4": { length: 16 },
  "1.2.840.113549.1.12.1.5": { length: 16, rc2Bits: 128 },
  "1.2.840.113549.1.12.1.6": { length: 5, rc2Bits: 40 },
};

const PBES2 = "1.2.840.113549.1.5.13";

/** Ciphers of PBES2 (RFC 8018, appendix B.2), and bytes of their keys. */
const SCHEMES: Readonly<Record<string, readonly [name: "AES-CBC" | "3DES-CBC", length: number]>> = {
  "2.16.840.1.101.3.4.1.2": ["AES-CBC", 16],
  "2.16.840.1.101.3.4.1.22": ["AES-CBC", 24],
  "2.16.840.1.101.3.4.1.42": ["AES-CBC", 32],
  "1.2.840.113549.3.7": ["3DES-CBC", 24],
};

/** Digests of PBKDF2 (RFC 8018, appendix B.1). */
const DIGESTS: Readonly<Record<string, string>> = {
  "1.2.840.113549.2.7": "sha1",
  "1.2.840.113549.2.9": "sha256",
  "1.2.840.113549.2.10": "sha384",
  "1.2.840.113549.2.11": "sha512",
};

function unknown(what: string): never {
  throw new TypeError(`${what} is of a kind that is not known here`);
}

function ownCipher(
  parameters: Asn1,
  { length, rc2Bits }: { length: number; rc2Bits?: number },
  reading: Reading,
): Cipher {
  const { forge, password } = reading;
  const common = {
    digest: "sha1",
    salt: bytes(textOf(inside(parameters, 0))),
    iterations: numberOf(inside(parameters, 1)),
  };
  const key = pkcs12Key(password, { ...common, purpose: 1, length });
  const iv = forge.util.createBuffer(binary(pkcs12Key(password, { ...common, purpose: 2, length: 8 })));
  if (rc2Bits !== undefined) {
    const cipher = forge.rc2.createDecryptionCipher(binary(key), rc2Bits);
    cipher.start(iv);
    return cipher;
  }
  // Two keys are three of which the last is the first.
  const whole = binary(length === 16 ? new Uint8Array([...key, ...key.subarray(0, 8)]) : key);
  const cipher = forge.cipher.createDecipher("3DES-CBC", forge.util.createBuffer(whole));
  cipher.start({ iv });
  return cipher;
}

function pbes2Cipher(parameters: Asn1, { forge, password }: Reading): Cipher {
  const oidOf = (algorithm: Asn1): string => forge.asn1.derToOid(textOf(inside(algorithm, 0)));
  const [derivation, scheme] = [inside(parameters, 0), inside(parameters, 1)];
  if (oidOf(derivation) !== "1.2.840.113549.1.5.12") unknown("the derivation of the key");
  const options = inside(derivation, 1);
  const prf = listOf(options).slice(2).find((one) => listOf(one).length > 0);
  const digest = DIGESTS[prf === undefined ? "1.2.840.113549.2.7" : oidOf(prf)] ?? unknown("the derivation of the key");
  const [name, length] = SCHEMES[oidOf(scheme)] ?? unknown("the cipher");
  const salt = bytes(textOf(inside(options, 0)));
  // RFC 8018 leaves the encoding of the password open: UTF-8 is what OpenSSL and Windows write.
  const key = pbkdf2Sync(Buffer.from(password ?? "", "utf8"), salt, numberOf(inside(options, 1)), length, digest);
  const cipher = forge.cipher.createDecipher(name, forge.util.createBuffer(binary(key)));
  cipher.start({ iv: forge.util.createBuffer(textOf(inside(scheme, 1))) });
  return cipher;
}

/**
 * Deciphers a part of a file.
 *
 * @param algorithm what it is encrypted by, with its parameters
 * @param encrypted the part, a byte a character
 * @param reading the password
 * @returns what it holds, a byte a character
 * @throws {WrongPassword} where it does not end as it has to; TypeError for a cipher that is not known here
 */
export function decrypted(algorithm: Asn1, encrypted: string, reading: Reading): string {
  const oid = reading.forge.asn1.derToOid(textOf(inside(algorithm, 0)));
  const own = OWN[oid];
  if (own === undefined && oid !== PBES2) unknown("the cipher");
  const parameters = inside(algorithm, 1);
  const cipher = own === undefined ? pbes2Cipher(parameters, reading) : ownCipher(parameters, own, reading);
  cipher.update(reading.forge.util.createBuffer(encrypted));
  if (!cipher.finish()) throw new WrongPassword();
  return cipher.output.getBytes();
}
