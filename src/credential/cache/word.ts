import { AuthError, type ErrorCode, ERRORS } from "../../core/errors.ts";
import type { Cache } from "./cache.ts";
import type { Entry } from "./entry.ts";

/** What the one who reads tells those who wait. */
export type Word =
  | { readonly is: "entry"; readonly entry: Entry }
  /** Asking again would end in the same way. */
  | { readonly is: "failure"; readonly error: AuthError }
  /** It is for who read it alone. */
  | { readonly is: "alone" };

/** Failures that asking again does not end; what passes, as a throttled service does, is for the next one to try. */
const LASTING: readonly ErrorCode[] = [
  "tenant-mismatch",
  "managed-identity-not-found",
  "entra-secret-wrong",
  "entra-secret-expired",
  "entra-tenant-unknown",
  "entra-app-unknown",
  "entra-certificate-unknown",
  "entra-federation-mismatch",
  "entra-refused",
  "vault-forbidden",
  "vault-access-policy",
  "vault-firewall",
  "vault-private",
  "secret-not-found",
  "secret-disabled",
  "credential-invalid",
  "credential-mode",
];

/** Whether a failure is told to those who wait. */
export const lasts = (error: unknown): error is AuthError => error instanceof AuthError && LASTING.includes(error.code);

/**
 * A word as bytes.
 *
 * @param word what is told
 * @param cache what an entry is made to bytes with
 * @returns a letter, then the entry, or the failure as JSON
 */
export function encodeWord(word: Word, cache: Pick<Cache, "encode">): Uint8Array<ArrayBuffer> {
  const bytes = word.is === "entry"
    ? cache.encode(word.entry)
    : new TextEncoder().encode(word.is === "failure" ? failureText(word.error) : "");
  const whole = new Uint8Array(1 + bytes.length);
  whole[0] = word.is.charCodeAt(0);
  whole.set(bytes, 1);
  return whole;
}

const failureText = ({ code, message, remedy }: AuthError): string => JSON.stringify({ code, message, remedy });

/**
 * Reads a word.
 *
 * @param bytes what was told
 * @param cache what knows whether an entry is for these settings
 * @returns the word; `undefined` for anything else
 *
 * @example
 * ```ts
 * import { decodeWord } from "./word.ts";
 * import assert from "node:assert/strict";
 *
 * const cache = { decode: () => undefined };
 * assert.deepEqual(decodeWord(new TextEncoder().encode("a"), cache), { is: "alone" });
 * assert.equal(decodeWord(new TextEncoder().encode("e{}"), cache), undefined);
 * ```
 */
export function decodeWord(bytes: Uint8Array<ArrayBuffer>, cache: Pick<Cache, "decode">): Word | undefined {
  const rest = bytes.subarray(1);
  switch (String.fromCharCode(bytes[0] ?? 0)) {
    case "a":
      return { is: "alone" };
    case "e": {
      const entry = cache.decode(rest);
      return entry === undefined ? undefined : { is: "entry", entry };
    }
    case "f":
      return decodeFailure(new TextDecoder().decode(rest));
    default:
      return undefined;
  }
}

function decodeFailure(text: string): Word | undefined {
  try {
    const { code, message, remedy } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const known = ERRORS.find((one) => one.code === code)?.code;
    if (known === undefined || typeof message !== "string" || typeof remedy !== "string") return undefined;
    return { is: "failure", error: new AuthError(known, { message, remedy }) };
  } catch {
    // Not this program's: it is not heard.
    return undefined;
  }
}
