import { gzipSync } from "node:zlib";
import { modeOf, PACKED_AT_SEC, type PackedFile, utf8 } from "./packed_file.ts";

const BLOCK = 512;

/** A number as tar has it: octal digits and a NUL. */
const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, "0")}\0`;

/** The block before a file's bytes. https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html (ustar) */
function headerOf(file: PackedFile): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = (at: number, text: string): void => block.set(utf8(text), at);
  put(0, file.path);
  put(100, octal(modeOf(file), 8));
  put(108, octal(0, 8));
  put(116, octal(0, 8));
  put(124, octal(file.bytes.length, 12));
  put(136, octal(PACKED_AT_SEC, 12));
  // The sum is made with blanks in its own place.
  put(148, " ".repeat(8));
  put(156, "0");
  put(257, "ustar\0" + "00");
  put(148, `${block.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, "0")}\0 `);
  return block;
}

/**
 * Packs files as a `.tar.gz` that depends on nothing but them: no owner, no time, in the order given.
 *
 * @param files what is packed; paths of at most 100 bytes
 * @returns the archive
 * @throws RangeError for a path that is too long
 *
 * @example
 * ```ts
 * import { tarGzip } from "./tar_gzip.ts";
 * import assert from "node:assert/strict";
 *
 * const files = [{ path: "a", bytes: new Uint8Array([1, 2]) }];
 * assert.deepEqual(tarGzip(files), tarGzip(files));
 * ```
 */
export function tarGzip(files: readonly PackedFile[]): Uint8Array {
  const long = files.find(({ path }) => utf8(path).length > 100);
  if (long !== undefined) throw new RangeError(`Cannot pack "${long.path}": its path has more than 100 bytes`);
  const sizes = files.map(({ bytes }) => BLOCK + Math.ceil(bytes.length / BLOCK) * BLOCK);
  // Two empty blocks are the end.
  const tar = new Uint8Array(sizes.reduce((sum, size) => sum + size, 2 * BLOCK));
  let at = 0;
  for (const [index, file] of files.entries()) {
    tar.set(headerOf(file), at);
    tar.set(file.bytes, at + BLOCK);
    at += sizes[index] ?? 0;
  }
  const packed = new Uint8Array(gzipSync(tar, { level: 9 }));
  // RFC 1952: the time is 0 already; the system that packed is not part of what is packed.
  packed[9] = 255;
  return packed;
}
