import { Buffer } from "node:buffer";
import type { Certificate } from "./certificate.ts";

/** Who signs what for whom. */
export interface AssertionOptions {
  /** One of its own for every assertion. */
  readonly id: string;
  readonly clientId: string;
  /** URL of the token endpoint. */
  readonly audience: string;
  /** Send the certificates too, so that Entra ID can go by subject name and issuer. */
  readonly sendChain: boolean;
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: number;
}

const LIFETIME_SEC = 600;
const encode = (bytes: ArrayBuffer | string): string =>
  (typeof bytes === "string" ? Buffer.from(bytes) : Buffer.from(bytes)).toString("base64url");

/**
 * Signs a client assertion with a certificate's key: what a service principal shows to Entra ID.
 *
 * @param certificate the certificate and its key
 * @param options who signs for whom, and when
 * @returns a JSON web token, PS256, valid for 10 minutes
 *
 * @see https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 */
export async function signAssertion(certificate: Certificate, options: AssertionOptions): Promise<string> {
  const { id, clientId, audience, sendChain, nowMs } = options;
  // WebCrypto: the signature of node:crypto with this padding is wrong on Deno 2.4.2.
  const algorithm = { name: "RSA-PSS", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("pkcs8", certificate.key, algorithm, false, ["sign"]);
  const thumbprint = await crypto.subtle.digest("SHA-256", new Uint8Array(Buffer.from(certificate.chain[0], "base64")));
  const nowSec = Math.floor(nowMs / 1000);
  const header = {
    alg: "PS256",
    typ: "JWT",
    "x5t#S256": encode(thumbprint),
    ...(sendChain ? { x5c: certificate.chain } : {}),
  };
  const claims = {
    aud: audience,
    iss: clientId,
    sub: clientId,
    jti: id,
    iat: nowSec,
    nbf: nowSec,
    exp: nowSec + LIFETIME_SEC,
  };
  const input = [header, claims].map((part) => encode(JSON.stringify(part))).join(".");
  const signature = await crypto.subtle.sign({ name: "RSA-PSS", saltLength: 32 }, key, new TextEncoder().encode(input));
  return `${input}.${encode(signature)}`;
}
