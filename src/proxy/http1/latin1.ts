import { Buffer } from "node:buffer";

const NOT_ASCII = /[^\0-\x7f]/;

/**
 * Writes a head, and bytes of its body behind it, as one run of bytes: it goes out in one piece.
 *
 * @param head one character a byte
 * @param body what follows at once
 * @returns the bytes
 *
 * @example
 * ```ts
 * import { headAndBody } from "./latin1.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(headAndBody("\xe9", [new Uint8Array([1])]), new Uint8Array([0xe9, 1]));
 * ```
 */
export function headAndBody(head: string, body: readonly Uint8Array[] = []): Uint8Array {
  let length = head.length;
  for (const part of body) length += part.length;
  const bytes = new Uint8Array(length);
  if (NOT_ASCII.test(head)) bytes.set(Buffer.from(head, "latin1"));
  else new TextEncoder().encodeInto(head, bytes);
  let at = head.length;
  for (const part of body) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
