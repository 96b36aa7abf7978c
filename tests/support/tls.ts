import "reflect-metadata";
import { createPrivateKey, type KeyObject } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";

/** A certificate and its private key, as PEM text; the key is PKCS#8. */
export interface Pair {
  readonly certificate: string;
  readonly key: string;
}

/** Ways in which a server's certificate can be wrong. `untrusted`: its issuer is not the authority that clients know. */
export type Flaw = "expired" | "not-yet-valid" | "wrong-name" | "untrusted";

/** A certificate authority of a test, made at run time and never written to disk by itself. */
export interface Authority {
  /** The root's certificate, as PEM text: what a client has to trust. */
  readonly certificate: string;
  /** Makes a server's certificate for these DNS names and IPv4 addresses. */
  readonly server: (names: readonly string[], flaw?: Flaw) => Promise<Pair>;
  /** Makes a client's certificate. */
  readonly client: (name: string) => Promise<Pair>;
}

const DAY_MS = 86_400_000;
const ELLIPTIC = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const RSA = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
} as const;

/**
 * Makes a certificate authority.
 *
 * @param name the root's common name
 * @returns the authority; everything it makes is valid for 30 days, unless asked for otherwise
 * @example
 * ```ts
 * import { makeAuthority } from "./tls.ts";
 * import assert from "node:assert/strict";
 *
 * const authority = await makeAuthority("test root");
 * const pair = await authority.server(["localhost", "127.0.0.1"]);
 * assert.match(pair.certificate, /^-----BEGIN CERTIFICATE-----/);
 * ```
 */
export async function makeAuthority(name: string): Promise<Authority> {
  const keys = await crypto.subtle.generateKey(ELLIPTIC, true, ["sign", "verify"]);
  const root = await selfSigned(`CN=${name}`, { keys, algorithm: ELLIPTIC, authority: true });
  const issue = async (subject: string, extensions: readonly Extension[], days: readonly [number, number]) => {
    const own = await crypto.subtle.generateKey(ELLIPTIC, true, ["sign", "verify"]);
    const made = await X509CertificateGenerator.create({
      subject,
      issuer: root.subject,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: ELLIPTIC,
      notBefore: daysFromNow(days[0]),
      notAfter: daysFromNow(days[1]),
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        await AuthorityKeyIdentifierExtension.create(root.publicKey),
        await SubjectKeyIdentifierExtension.create(own.publicKey),
        ...extensions,
      ],
    });
    return { certificate: `${made.toString("pem")}\n`, key: await privatePem(own.privateKey) };
  };
  return {
    certificate: `${root.toString("pem")}\n`,
    client: (common) => issue(`CN=${common}`, [new ExtendedKeyUsageExtension(["1.3.6.1.5.5.7.3.2"])], [-1, 30]),
    server: async (names, flaw) => {
      if (flaw === "untrusted") return await (await makeAuthority("a root that nobody trusts")).server(names);
      const wanted = flaw === "wrong-name" ? ["wrong.example"] : names;
      const alternatives = wanted.map((value) => ({
        type: /^[\d.]+$/.test(value) ? "ip" as const : "dns" as const,
        value,
      }));
      return await issue(`CN=${wanted[0] ?? "server"}`, [
        new ExtendedKeyUsageExtension(["1.3.6.1.5.5.7.3.1"]),
        new SubjectAlternativeNameExtension(alternatives),
      ], flaw === "expired" ? [-30, -2] : flaw === "not-yet-valid" ? [2, 30] : [-1, 30]);
    },
  };
}

/**
 * Makes a certificate such as one uploads to an app registration.
 *
 * @param options `kind`: the key's kind, RSA unless asked for `ec`, which Entra ID refuses; `days`: validity, in days from now
 * @returns the self-signed certificate and its key
 */
export async function makeClientCertificate(
  options: { readonly kind?: "rsa" | "ec"; readonly days?: readonly [from: number, to: number] } = {},
): Promise<Pair> {
  const algorithm = options.kind === "ec" ? ELLIPTIC : RSA;
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const made = await selfSigned("CN=mlflow-auth test principal", { keys, algorithm, days: options.days ?? [-1, 30] });
  return { certificate: `${made.toString("pem")}\n`, key: await privatePem(keys.privateKey) };
}

/**
 * Makes a server's certificate as `openssl req -x509` does: issued by itself, and marked as an authority.
 *
 * @param name the host's name
 * @returns the certificate and its key
 */
export async function makeSelfSignedAuthority(name: string): Promise<Pair> {
  const keys = await crypto.subtle.generateKey(ELLIPTIC, true, ["sign", "verify"]);
  const made = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: ELLIPTIC,
    notBefore: daysFromNow(-1),
    notAfter: daysFromNow(30),
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      new SubjectAlternativeNameExtension([{ type: "dns", value: name }]),
    ],
  });
  return { certificate: `${made.toString("pem")}\n`, key: await privatePem(keys.privateKey) };
}

/** Forms in which a private key is kept in a PEM file. */
export type KeyForm = "pkcs8" | "pkcs1" | "pkcs8-encrypted" | "pkcs1-encrypted";

/**
 * Writes a private key in another form.
 *
 * @param key a private key, as PEM text
 * @param form the form wanted; the encrypted ones need a passphrase
 * @param passphrase what to encrypt with
 * @returns the key, as PEM text
 */
export function keyAs(
  key: string,
  { form, passphrase }: { readonly form: KeyForm; readonly passphrase?: string },
): string {
  const parsed: KeyObject = createPrivateKey(key);
  const type = form.startsWith("pkcs1") ? "pkcs1" as const : "pkcs8" as const;
  const encryption = form.endsWith("-encrypted") ? { cipher: "aes-256-cbc", passphrase: passphrase ?? "" } : {};
  return String(parsed.export({ format: "pem", type, ...encryption }));
}

/**
 * A certificate's fingerprints, as Entra ID looks them up.
 *
 * @param certificate PEM text
 * @returns SHA-1 and SHA-256 of its DER form, in hexadecimal
 */
export async function thumbprints(certificate: string): Promise<{ readonly sha1: string; readonly sha256: string }> {
  const parsed = new X509Certificate(certificate);
  const hex = (bytes: ArrayBuffer) =>
    [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return { sha1: hex(await parsed.getThumbprint("SHA-1")), sha256: hex(await parsed.getThumbprint("SHA-256")) };
}

interface SelfSigned {
  readonly keys: CryptoKeyPair;
  readonly algorithm: typeof ELLIPTIC | typeof RSA;
  readonly authority?: boolean;
  readonly days?: readonly [number, number];
}

async function selfSigned(name: string, { keys, algorithm, authority = false, days = [-1, 30] }: SelfSigned) {
  const usage = authority ? KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign : KeyUsageFlags.digitalSignature;
  return await X509CertificateGenerator.createSelfSigned({
    name,
    keys,
    signingAlgorithm: algorithm,
    notBefore: daysFromNow(days[0]),
    notAfter: daysFromNow(days[1]),
    extensions: [
      new BasicConstraintsExtension(authority, undefined, true),
      new KeyUsagesExtension(usage, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
}

function daysFromNow(days: number): Date {
  return new Date(Date.now() + days * DAY_MS);
}

async function privatePem(key: CryptoKey): Promise<string> {
  const der = new Uint8Array(await crypto.subtle.exportKey("pkcs8", key));
  const lines = btoa(String.fromCharCode(...der)).match(/.{1,64}/g) ?? [];
  return `-----BEGIN PRIVATE KEY-----\n${lines.join("\n")}\n-----END PRIVATE KEY-----\n`;
}
