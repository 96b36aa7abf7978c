import {
  constants,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  sign,
  verify,
  X509Certificate,
} from "node:crypto";
import { Buffer } from "node:buffer";
import { promisify } from "node:util";

/** A key that signs tokens, as an issuer publishes it. */
export interface SigningKey {
  readonly id: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** A token taken apart, not verified. */
export interface Token {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  /** What is signed. */
  readonly input: string;
  readonly signature: Buffer;
}

/** @returns a new RSA key that signs tokens as `kid` = `id` */
export async function makeSigningKey(id: string, bits = 1024): Promise<SigningKey> {
  // Mostly nobody but the stand-in checks what it signs, and a key of this size is made in a tenth of the time.
  return { id, ...await promisify(generateKeyPair)("rsa", { modulusLength: bits }) };
}

/** @returns the claims as a token, signed with RS256 */
export function signToken(key: SigningKey, claims: Readonly<Record<string, unknown>>): string {
  const input = [{ typ: "JWT", alg: "RS256", kid: key.id, x5t: key.id }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  return `${input}.${sign("sha256", Buffer.from(input), key.privateKey).toString("base64url")}`;
}

/** @returns the token's parts, or `undefined` where the text is no token */
export function readToken(text: string): Token | undefined {
  const [head, body, signature, more] = text.split(".");
  if (!head || !body || !signature || more !== undefined) return undefined;
  const header = readPart(head);
  const claims = readPart(body);
  if (header === undefined || claims === undefined) return undefined;
  return { header, claims, input: `${head}.${body}`, signature: Buffer.from(signature, "base64url") };
}

/** @returns whether the token was signed with this key, with RS256 or PS256, the algorithms that Entra ID takes */
export function isSignedBy(token: Token, key: KeyObject): boolean {
  if (key.asymmetricKeyType !== "rsa") return false;
  const input = Buffer.from(token.input);
  switch (token.header["alg"]) {
    case "RS256":
      return verify("sha256", input, key, token.signature);
    case "PS256":
      return verify(
        "sha256",
        input,
        { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
        token.signature,
      );
    default:
      return false;
  }
}

/** @returns the public key of a certificate in PEM form */
export function publicKeyOf(certificate: string): KeyObject {
  const { publicKey } = new X509Certificate(certificate);
  return createPublicKey({ key: publicKey.export({ format: "pem", type: "spki" }), format: "pem" });
}

function readPart(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
