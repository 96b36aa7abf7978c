import { Buffer } from "node:buffer";
import forge from "node-forge/lib/forge.js";
import digests from "node-forge/lib/md.all.js";
import pkcs12 from "node-forge/lib/pkcs12.js";

/** What a value of ASN.1 is to node-forge; only passed on here. */
type Asn1 = { readonly asn1?: never };

/** A bag of a PKCS#12 file: a key, or a certificate; `asn1` is there for those too that node-forge has no object for. */
interface Bag {
  readonly type: string;
  readonly key?: unknown;
  readonly cert?: unknown;
  readonly asn1?: Asn1;
}

/** The part of node-forge that is used, which comes without types. https://github.com/digitalbazaar/forge#pkcs12 */
interface Forge {
  readonly asn1: {
    readonly fromDer: (bytes: string, options: { readonly strict: boolean; readonly parseAllBytes: boolean }) => Asn1;
    readonly toDer: (value: Asn1) => { readonly getBytes: () => string };
  };
  readonly pkcs12: {
    readonly pkcs12FromAsn1: (value: Asn1, strict: boolean, password: string | null) => {
      readonly safeContents: readonly { readonly safeBags: readonly Bag[] }[];
    };
  };
  readonly pki: {
    readonly oids: Readonly<Record<"keyBag" | "pkcs8ShroudedKeyBag" | "certBag", string>>;
    readonly privateKeyToAsn1: (key: unknown) => Asn1;
    readonly certificateToAsn1: (certificate: unknown) => Asn1;
    readonly wrapRsaPrivateKey: (key: Asn1) => Asn1;
    readonly pbe: {
      readonly getCipherForPBES2: (oid: string, parameters: unknown, password: string | null) => unknown;
    };
  };
}

/**
 * Each file of node-forge adds itself to one object when it is evaluated, which may be only when something of it is asked for: all
 * digests are for checksums of SHA-384 and SHA-512.
 */
function wholeForge(): Forge {
  if (digests.sha512 === undefined || pkcs12.pkcs12FromAsn1 === undefined) {
    throw new TypeError("node-forge is not whole");
  }
  return forge;
}

const labelOf = (type: string, { oids }: Forge["pki"]): string | undefined =>
  type === oids.certBag
    ? "CERTIFICATE"
    : type === oids.keyBag || type === oids.pkcs8ShroudedKeyBag
    ? "PRIVATE KEY"
    : undefined;

/** Why a file gives nothing: its password is another one (or missing), or it is not PKCS#12 as it is known here. */
export type Pkcs12Flaw = "password" | "form";

/** What the file holds, as PEM, or why it gives nothing. */
export type Pkcs12Text = { readonly pem: string } | { readonly flaw: Pkcs12Flaw };

function pemOf({ type, key, cert, asn1: value }: Bag, { pki, asn1 }: Forge): string {
  const label = labelOf(type, pki);
  if (label === undefined) return "";
  const whole = key !== undefined && key !== null
    ? pki.wrapRsaPrivateKey(pki.privateKeyToAsn1(key))
    : cert !== undefined && cert !== null
    ? pki.certificateToAsn1(cert)
    : value;
  if (whole === undefined) return "";
  const base64 = Buffer.from(asn1.toDer(whole).getBytes(), "latin1").toString("base64");
  return `-----BEGIN ${label}-----\n${base64.replace(/.{1,64}/g, "$&\n")}-----END ${label}-----\n`;
}

/**
 * Does something while node-forge takes a password as UTF-8 where a file is encrypted as RFC 8018 says, as OpenSSL and Windows write it.
 * By itself it takes a byte for each character, and fails for one that is larger.
 */
function inUtf8<T>({ pki }: Forge, body: () => T): T {
  const ofBytes = pki.pbe.getCipherForPBES2;
  const ofText: typeof ofBytes = (oid, parameters, password) =>
    ofBytes(oid, parameters, Buffer.from(password ?? "", "utf8").toString("latin1"));
  try {
    Object.assign(pki.pbe, { getCipherForPBES2: ofText });
    return body();
  } finally {
    Object.assign(pki.pbe, { getCipherForPBES2: ofBytes });
  }
}

/**
 * The flaw of a failure of node-forge, by its words, as it has no codes. What a wrong password makes of a file without a checksum may
 * fail anywhere.
 */
const flawOf = (error: unknown): Pkcs12Flaw =>
  error instanceof Error && /unsupported|not supported|not an PKCS#12|Only PKCS#12/i.test(error.message)
    ? "form"
    : "password";

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
  const whole = wholeForge();
  let value: Asn1;
  try {
    value = whole.asn1.fromDer(Buffer.from(bytes).toString("latin1"), { strict: false, parseAllBytes: false });
  } catch {
    // Not DER, and nothing to be said about it but that.
    return { flaw: "form" };
  }
  let flaw: Pkcs12Flaw = "password";
  for (const one of password === undefined || password === "" ? ["", null] : [password]) {
    try {
      const { safeContents } = inUtf8(whole, () => whole.pkcs12.pkcs12FromAsn1(value, false, one));
      return { pem: safeContents.flatMap(({ safeBags }) => safeBags.map((bag) => pemOf(bag, whole))).join("") };
    } catch (error) {
      flaw = flawOf(error);
    }
  }
  return { flaw };
}
