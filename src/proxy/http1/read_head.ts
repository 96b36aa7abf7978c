import { MAX_HEAD_BYTES } from "./llhttp.ts";
import type { Source } from "./source.ts";

/** The bytes of a head with its empty line, or why there is none: the connection ended before it or within it, or it is none. */
export type HeadBytes = Uint8Array | "end" | "cut" | "malformed" | "too-large";

const CR = 13;
const LF = 10;

/** Behind the empty line that ends a head; 0 where there is none yet, -1 at a line end that is no CRLF. */
function endOfHead(bytes: Uint8Array, from: number): number {
  // Heads are short: a loop is there before a call into the runtime is.
  for (let at = from; at < bytes.length; at++) {
    if (bytes[at] !== LF) continue;
    if (bytes[at - 1] !== CR) return -1;
    if (bytes[at - 2] === LF) return at + 1;
  }
  return 0;
}

/** Whether a head may begin so: with a letter, and once its first line is there, with one of HTTP/1. */
function mayBegin(bytes: Uint8Array): boolean {
  const first = bytes[0] ?? 65;
  if (first < 65 || first > 90) return false;
  const end = bytes.indexOf(LF);
  return end < 0 ||
    /^HTTP\/1\.|HTTP\/1\.[01]\r$/.test(String.fromCharCode(...bytes.subarray(Math.max(0, end - 9), end))) ||
    String.fromCharCode(...bytes.subarray(0, 7)) === "HTTP/1.";
}

/** Skips empty lines before a head (RFC 9112, section 2.2). */
function withoutEmptyLines(bytes: Uint8Array): Uint8Array {
  let at = 0;
  while (bytes[at] === CR && bytes[at + 1] === LF) at += 2;
  return at === 0 ? bytes : bytes.subarray(at);
}

/** Where the head of what has come ends, or why it is none; 0 where there is more of it to come. */
function endOrFlaw(whole: Uint8Array, from: number): number | "malformed" | "too-large" {
  const end = endOfHead(whole, from);
  if (end < 0) return "malformed";
  if (end > MAX_HEAD_BYTES || (end === 0 && whole.length > MAX_HEAD_BYTES)) return "too-large";
  return end === 0 && whole.length > 0 && !mayBegin(whole) ? "malformed" : end;
}

type HeadSource = Pick<Source, "take" | "takeReady" | "unread">;

/** The head; what follows it is put back. */
function upTo(end: number, { whole, source }: { readonly whole: Uint8Array; readonly source: HeadSource }): Uint8Array {
  if (end === whole.length) return whole;
  source.unread(whole.subarray(end));
  return whole.subarray(0, end);
}

/**
 * Reads a head, whole, before anything is decided about it.
 *
 * @param source where it comes from; what follows the head is put back
 * @returns its bytes, valid until the source is read again, or why there are none
 *
 * @example
 * ```ts
 * import { readHead } from "./read_head.ts";
 * import { makeSource } from "./source.ts";
 * import assert from "node:assert/strict";
 *
 * const text = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
 * const source = makeSource({ read: () => Promise.resolve(new TextEncoder().encode(`${text}body`)) }, () => {});
 * const head = await readHead(source);
 * assert.equal(typeof head === "string" ? head : new TextDecoder().decode(head), text);
 * assert.equal(new TextDecoder().decode(source.takeReady()), "body");
 * ```
 */
export function readHead(source: HeadSource): Promise<HeadBytes> {
  // As a rule it is one read: an asynchronous function would leave more to the collector than the head is long.
  const first = (bytes: Uint8Array | null): HeadBytes | Promise<HeadBytes> => {
    if (bytes === null) return "end";
    const whole = withoutEmptyLines(bytes);
    const end = endOrFlaw(whole, 0);
    if (end === 0) return gather(whole, source);
    return typeof end === "string" ? end : upTo(end, { whole, source });
  };
  const ready = source.takeReady();
  return ready === undefined ? source.take().then(first) : Promise.resolve(first(ready));
}

/** Reads on where a head did not come at once. */
async function gather(begun: Uint8Array, source: HeadSource): Promise<HeadBytes> {
  let gathered = begun.slice();
  let { length } = begun;
  for (;;) {
    const bytes = source.takeReady() ?? await source.take();
    if (bytes === null) return "cut";
    const fresh = length === 0 ? withoutEmptyLines(bytes) : bytes;
    if (length + fresh.length > gathered.length) {
      const larger = new Uint8Array(Math.max(4096, 2 * (length + fresh.length)));
      larger.set(gathered.subarray(0, length));
      gathered = larger;
    }
    gathered.set(fresh, length);
    const whole = gathered.subarray(0, length + fresh.length);
    const end = endOrFlaw(whole, length);
    if (typeof end === "string") return end;
    if (end > 0) return upTo(end, { whole, source });
    length = whole.length;
  }
}
