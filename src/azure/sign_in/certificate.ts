import { Buffer } from "node:buffer";
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { AuthError } from "../../core/errors.ts";
import { flawOf } from "../../core/settings/as_pasted.ts";
import { pathWord, showPath } from "../../core/shown.ts";
import type { Secret } from "../../core/secret.ts";
import { type CertificateFile, isPkcs12Name, pkcs12Line } from "../pkcs12/certificate_line.ts";
import type { Pkcs12Flaw } from "../pkcs12/pkcs12_to_pem.ts";

/** A service principal's certificate with its key. */
export interface Certificate {
  /** The key's DER, PKCS#8. */
  readonly key: Uint8Array<ArrayBuffer>;
  /** DER of the certificate that belongs to the key, then of the others in the file's order; base64. */
  readonly chain: readonly [string, ...string[]];
  /** Milliseconds since the Unix epoch. */
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

/** Where a certificate comes from; the file is named in messages. */
export interface CertificateSource extends CertificateFile {
  /** What its key, or all of it, is encrypted with. */
  readonly password: Secret | undefined;
}

const invalid = (path: string, { is, remedy }: { readonly is: string; readonly remedy: string }): AuthError =>
  new AuthError("certificate-invalid", {
    message: `Cannot use the certificate file "${showPath(path)}": ${is}`,
    remedy,
  });

function passwordError(file: CertificateSource, is: string): AuthError {
  const { path, password } = file;
  // A password is taken as it stands, as every secret.
  const flaw = password === undefined ? undefined : flawOf(password.reveal());
  return new AuthError("certificate-password", {
    message: `Cannot use the certificate file "${showPath(path)}": ${is}${
      flaw === undefined ? "" : `: AZURE_CLIENT_CERTIFICATE_PASSWORD ${flaw}`
    }`,
    remedy: `set its password: export AZURE_CLIENT_CERTIFICATE_PASSWORD=<password>; to try it: ${
      isPkcs12Name(path) ? `${pkcs12Line(file)} -noout` : `openssl pkey -noout -in ${pathWord(path)}`
    }`,
  });
}

/**
 * Whether a file begins as DER does, such as one of PKCS#12.
 *
 * @param bytes the file
 * @returns true for a sequence (RFC 5280 and 7292) whose length takes more than a byte, or is not told
 *
 * @example
 * ```ts
 * import { isDer } from "./certificate.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual([isDer(new Uint8Array([0x30, 0x82])), isDer(new TextEncoder().encode("0-----BEGIN"))], [true, false]);
 * ```
 */
export const isDer = (bytes: Uint8Array): boolean => bytes[0] === 0x30 && (bytes[1] ?? 0) >= 0x80;

/** RC4 and RC2 of PKCS#12 (RFC 7292, appendix C) in DER, as hex. */
const OLD_CIPHERS = /2a864886f70d010c01(?:01|02|05|06)/;

/**
 * Whether a file is encrypted in a way that OpenSSL 3 reads with `-legacy` alone.
 *
 * @param bytes a PKCS#12 file
 * @returns true for RC2 and RC4, as Windows and OpenSSL 1 chose it
 */
export const isOldPkcs12 = (bytes: Uint8Array): boolean => OLD_CIPHERS.test(Buffer.from(bytes).toString("hex"));

/**
 * The error for a file in DER from which no key and certificate could be read.
 *
 * @param flaw whether its password is another one, its end is missing, or what it is is not known
 * @param source the file, and the password that was tried
 * @returns the error, `certificate-password` or `certificate-invalid`
 */
export function pkcs12Error(flaw: Pkcs12Flaw, source: CertificateSource): AuthError {
  const { path, password } = source;
  if (flaw === "password") {
    const is = password === undefined ? "it is encrypted, and no password is set" : "the password does not open it";
    return passwordError(source, is);
  }
  if (flaw === "cut") {
    return invalid(path, {
      is: "it is damaged: it holds less than its first bytes say, as after a copy that broke off",
      remedy: `copy or download it again, as binary; to see its size: ls -l ${pathWord(path)}`,
    });
  }
  return invalid(path, {
    is: "it is in DER, and not a PKCS#12 file that can be read here",
    remedy: `write the certificate again, with its key; to see what it is: openssl asn1parse -inform DER -in ${
      pathWord(path)
    }`,
  });
}

/** The key alone: Deno's parser refuses a text that holds more than the key. */
function readKey(block: string, source: CertificateSource): KeyObject {
  const { path, password } = source;
  const old = block.includes("Proc-Type: 4,ENCRYPTED");
  const encrypted = old || block.includes("BEGIN ENCRYPTED");
  if (encrypted && password === undefined) throw passwordError(source, "its key is encrypted, and no password is set");
  try {
    // Deno 2.4.2 fails on a password for a key that is not encrypted.
    return createPrivateKey({
      key: block,
      format: "pem",
      ...(encrypted ? { passphrase: password?.reveal() ?? "" } : {}),
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : "";
    // A wrong password may decipher to anything; how it fails tells nothing where the cipher is known everywhere.
    if (old && !/^DEK-Info: AES-(?:128|192|256)-CBC,/m.test(block) && !/decrypt/i.test(reason)) {
      throw invalid(path, {
        is: "its key is encrypted in an old way (Proc-Type) that cannot be read here",
        remedy: `openssl pkcs8 -topk8 -in ${pathWord(path)} -out new.pem && openssl x509 -in ${
          pathWord(path)
        } >>new.pem && export AZURE_CLIENT_CERTIFICATE_PATH=new.pem`,
      });
    }
    if (encrypted) throw passwordError(source, "the password does not open its key");
    throw invalid(path, { is: "its key cannot be read", remedy: `openssl pkey -in ${pathWord(path)} -check -noout` });
  }
}

function blocksOf(text: string, path: string): { key: string; certificates: readonly string[] } {
  const blocks = [...text.replaceAll("\r\n", "\n").matchAll(/-----BEGIN ([A-Z0-9 ]+)-----[\s\S]+?-----END \1-----/g)];
  const certificates = blocks.filter(([, type]) => type === "CERTIFICATE").map(([block]) => block);
  const keys = blocks.filter(([, type]) => type?.endsWith("PRIVATE KEY"));
  if (blocks.length === 0) {
    throw invalid(path, {
      is: "it is neither PEM nor PKCS#12",
      remedy: `see what it is: file ${pathWord(path)}`,
    });
  }
  const [key] = keys;
  if (key === undefined) {
    throw invalid(path, {
      is: "it holds no private key",
      remedy: isPkcs12Name(path)
        ? `export it with its key: openssl pkcs12 -export -in certificate.pem -inkey key.pem -out ${pathWord(path)}`
        : `put the key into it: cat key.pem >>${pathWord(path)}`,
    });
  }
  if (certificates.length === 0) {
    throw invalid(path, {
      is: "it holds no certificate",
      remedy: isPkcs12Name(path)
        ? `export it with its certificate: openssl pkcs12 -export -in certificate.pem -inkey key.pem -out ${
          pathWord(path)
        }`
        : `put the certificate into it: cat certificate.pem >>${pathWord(path)}`,
    });
  }
  if (key[1] === "EC PRIVATE KEY") throw notRsa(path, "EC");
  return { key: `${key[0]}\n`, certificates };
}

function notRsa(path: string, type: string): AuthError {
  return invalid(path, {
    is: `its key is ${type}, and Entra ID takes RSA only`,
    remedy: "openssl req -x509 -newkey rsa:2048 -nodes -days 365 -subj /CN=<app> -keyout app.pem -out app.crt && " +
      "cat app.crt >>app.pem && export AZURE_CLIENT_CERTIFICATE_PATH=app.pem",
  });
}

const derOf = (block: string): string => block.replace(/-----[^-]+-----/g, "").replaceAll(/\s/g, "");

/**
 * Reads PEM with a certificate and its RSA key, in any order, with or without a chain, with LF or CRLF.
 *
 * @param text the file's text
 * @param source the file's path, for messages, and the key's password
 * @returns the key and the certificates
 * @throws {AuthError} `certificate-invalid` or `certificate-password`
 *
 * @see https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 */
export function parseCertificate(text: string, source: CertificateSource): Certificate {
  const { path } = source;
  const blocks = blocksOf(text, path);
  const key = readKey(blocks.key, source);
  if (key.asymmetricKeyType !== "rsa") throw notRsa(path, (key.asymmetricKeyType ?? "of another kind").toUpperCase());
  const modulus = Buffer.from(key.export({ format: "jwk" }).n ?? "", "base64url");
  // A certificate holds its public key's modulus as it is; Deno 2.4.2 has no checkPrivateKey().
  const own = blocks.certificates.find((block) => Buffer.from(derOf(block), "base64").includes(modulus));
  if (own === undefined) {
    throw invalid(path, {
      is: "none of its certificates belongs to its key",
      remedy: isPkcs12Name(path)
        ? `look at what it holds: ${pkcs12Line(source)} -info -nodes`
        : `compare them: openssl pkey -in ${pathWord(path)} -pubout; openssl x509 -in ${pathWord(path)} -pubkey -noout`,
    });
  }
  const { validFrom, validTo } = new X509Certificate(own);
  return {
    key: new Uint8Array(key.export({ type: "pkcs8", format: "der" })),
    chain: [derOf(own), ...blocks.certificates.filter((block) => block !== own).map(derOf)],
    notBeforeMs: Date.parse(validFrom),
    notAfterMs: Date.parse(validTo),
  };
}
