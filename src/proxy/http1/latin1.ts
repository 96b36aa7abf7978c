import { Buffer } from "node:buffer";

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
 * assert.deepEqual([...headAndBody("\xe9", [new Uint8Array([1])])], [0xe9, 1]);
 * ```
 */
export function headAndBody(head: string, body: readonly Uint8Array[] = []): Uint8Array {
  let length = head.length;
  for (const part of body) length += part.length;
  // Of the runtime's pool: a buffer of its own would cost more than what is in it. Each byte is written.
  const bytes = Buffer.allocUnsafe(length);
  let at = 0;
  for (; at < head.length; at++) bytes[at] = head.charCodeAt(at);
  for (const part of body) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
