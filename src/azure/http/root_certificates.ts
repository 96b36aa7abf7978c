// Root certificates out of whatever file people have: bundles with notes between blocks, pasted with indents or escaped line ends,
// OpenSSL's trusted certificates, files that PowerShell wrote.

const SEQUENCE = 0x30;
const BIT_STRING = 0x03;

/** What a text of certificates holds. */
export interface Roots {
  /** PEM of each that can be read. */
  readonly certificates: readonly string[];
  /** Numbers of the blocks that cannot be read, from 1. */
  readonly damaged: readonly number[];
}

/** An element of DER (X.690) within bytes. */
export interface Element {
  readonly tag: number;
  /** Where its content begins, and where it ends. */
  readonly from: number;
  readonly to: number;
}

/**
 * Reads one element of DER.
 *
 * @param bytes where it lies
 * @param at its first byte
 * @returns the element, where it lies whole within the bytes
 */
export function elementAt(bytes: Uint8Array, at: number): Element | undefined {
  const [tag, first] = [bytes[at], bytes[at + 1]];
  if (tag === undefined || first === undefined || first === 0x80 || first > 0x84) return undefined;
  const more = first < 0x80 ? 0 : first & 0x7f;
  const from = at + 2 + more;
  const length = more === 0 ? first : bytes.subarray(at + 2, from).reduce((sum, byte) => sum * 256 + byte, 0);
  return from + length <= bytes.length ? { tag, from, to: from + length } : undefined;
}

/**
 * Reads the elements that an element of DER holds.
 *
 * @param bytes where they lie
 * @param within where they begin and end
 * @returns the elements, or `undefined` where they do not fill it
 */
export function elementsIn(
  bytes: Uint8Array,
  { from, to }: Pick<Element, "from" | "to">,
): readonly Element[] | undefined {
  const found: Element[] = [];
  for (let at = from; at < to;) {
    const element = elementAt(bytes, at);
    if (element === undefined || element.to > to) return undefined;
    found.push(element);
    at = element.to;
  }
  return found;
}

/** Where a certificate (RFC 5280, section 4.1) at the start of the bytes ends; `undefined` for what is none. */
function endOfCertificate(bytes: Uint8Array): number | undefined {
  const whole = elementAt(bytes, 0);
  const parts = whole?.tag === SEQUENCE ? elementsIn(bytes, whole) : undefined;
  const [body, algorithm, signature] = parts ?? [];
  if (parts?.length !== 3 || body?.tag !== SEQUENCE || algorithm?.tag !== SEQUENCE || signature?.tag !== BIT_STRING) {
    return undefined;
  }
  // Serial number, algorithm, issuer, dates, subject and key; a version may come first, extensions may come last.
  const fields = elementsIn(bytes, body)?.filter(({ tag }) => tag < 0x80 || tag > 0xbf) ?? [];
  return fields.length === 6 ? whole?.to : undefined;
}

/** The bytes of base64 with white space; `undefined` for what is none. */
export function decodeBase64(base64: string): Uint8Array | undefined {
  const bare = base64.replaceAll(/\s/g, "");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(bare) || bare.length % 4 !== 0) return undefined;
  const text = atob(bare);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

const textOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");

function pemOf(base64: string): string {
  const lines = base64.replaceAll(/\s/g, "").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

/**
 * Reads every certificate of a text, each for itself: one that is damaged takes no other along.
 *
 * @param text PEM, with LF, CRLF or escaped line ends, with indents and other text; `CERTIFICATE`, `X509 CERTIFICATE` and OpenSSL's
 * `TRUSTED CERTIFICATE`, which loses what OpenSSL appends
 * @returns the certificates, each as plain PEM, and which blocks cannot be read
 *
 * @example
 * ```ts
 * import { readRoots } from "./root_certificates.ts";
 * import assert from "node:assert/strict";
 *
 * const text = "-----BEGIN CERTIFICATE-----\nQQ==\n-----END CERTIFICATE-----\n";
 * assert.deepEqual(readRoots(text), { certificates: [], damaged: [1] });
 * ```
 */
export function readRoots(text: string): Roots {
  const plain = text.replaceAll("\0", "").replaceAll(/\\r?\\n|\\n/g, "\n");
  const blocks = plain.split(/-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/).slice(1);
  const certificates: string[] = [];
  const damaged: number[] = [];
  for (const [index, block] of blocks.entries()) {
    const [, base64 = ""] = /^([^-]*)-----END (?:TRUSTED |X509 )?CERTIFICATE-----/.exec(block) ?? [];
    const bytes = decodeBase64(base64);
    const end = bytes === undefined ? undefined : endOfCertificate(bytes);
    if (bytes === undefined || end === undefined) damaged.push(index + 1);
    else certificates.push(pemOf(end === bytes.length ? base64 : btoa(textOf(bytes.subarray(0, end)))));
  }
  return { certificates, damaged };
}
