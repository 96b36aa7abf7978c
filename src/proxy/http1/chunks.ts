/** Reads the framing of a chunked body while its bytes pass through unchanged. */
export interface ChunkScanner {
  /**
   * Looks at the next bytes.
   *
   * @returns how many of them belong to the body; `undefined` where they are malformed
   */
  readonly scan: (bytes: Uint8Array, onData?: (data: Uint8Array) => void) => number | undefined;
  /** Whether the last chunk and its trailers have passed. */
  readonly done: () => boolean;
}

/** Most digits of a chunk's size: 2 to the power of 48 bytes. */
const MAX_DIGITS = 12;

/** Most bytes of all trailers. */
const MAX_TRAILER_BYTES = 8 * 1024;

const CR = 13;
const LF = 10;

/** The value of a hexadecimal digit, or -1. */
function digit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

/** A line of trailers: a token, a colon and a value (RFC 9110, section 5.6.2), or nothing. */
const TRAILER = /^$|^[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*$/;

/** What a trailer must not change (RFC 9110, section 6.5.1). */
const FORBIDDEN =
  /^(?:authorization|connection|content-\w+|host|proxy-[\w-]+|te|trailer|transfer-encoding|upgrade)\s*:/i;

/**
 * Makes a scanner of one chunked body: sizes of at most 12 digits, CRLF alone, no extensions, well-formed trailers.
 *
 * @returns the scanner
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-7.1
 *
 * @example
 * ```ts
 * import { makeChunkScanner } from "./chunks.ts";
 * import assert from "node:assert/strict";
 *
 * const scanner = makeChunkScanner();
 * const bytes = new TextEncoder().encode("3\r\nabc\r\n0\r\n\r\nGET /next");
 * assert.equal(scanner.scan(bytes), 13);
 * assert.ok(scanner.done());
 * ```
 */
export function makeChunkScanner(): ChunkScanner {
  let state: "size" | "size-lf" | "data" | "data-cr" | "data-lf" | "trailer" | "trailer-lf" | "done" | "broken" =
    "size";
  let digits = 0;
  let left = 0;
  let trailers = 0;
  let line = "";

  /** One byte that is no data; false where it may not stand there. */
  const step = (byte: number): boolean => {
    switch (state) {
      case "size": {
        const value = digit(byte);
        if (value >= 0) {
          left = left * 16 + value;
          return ++digits <= MAX_DIGITS;
        }
        state = "size-lf";
        return byte === CR && digits > 0;
      }
      case "size-lf":
        state = left === 0 ? "trailer" : "data";
        return byte === LF;
      case "data-cr":
        state = "data-lf";
        return byte === CR;
      case "data-lf":
        [state, digits, left] = ["size", 0, 0];
        return byte === LF;
      case "trailer":
        if (byte === CR) {
          state = "trailer-lf";
          return TRAILER.test(line) && !FORBIDDEN.test(line);
        }
        line += String.fromCharCode(byte);
        return ++trailers <= MAX_TRAILER_BYTES;
      case "trailer-lf":
        [state, line] = [line === "" ? "done" : "trailer", ""];
        return byte === LF;
      default:
        return false;
    }
  };

  return {
    scan: (bytes, onData) => {
      let at = 0;
      while (at < bytes.length && state !== "done") {
        if (state === "data") {
          const end = Math.min(bytes.length, at + left);
          onData?.(bytes.subarray(at, end));
          left -= end - at;
          at = end;
          if (left === 0) state = "data-cr";
        } else if (!step(bytes[at++] ?? -1)) {
          state = "broken";
          return undefined;
        }
      }
      return at;
    },
    done: () => state === "done",
  };
}
