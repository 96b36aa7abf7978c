import { crc32, deflateRawSync } from "node:zlib";
import { modeOf, type PackedFile, utf8 } from "./packed_file.ts";

const DEFLATED = 8;
const UTF8_NAMES = 0x0800;
/** 1980-01-01 as MS-DOS has it. */
const DATE = 0x0021;
const MADE_BY_UNIX = 0x0314;
const REGULAR_FILE = 0o100000;

/** Little-endian numbers, each of 2 or 4 bytes. */
function fields(...values: readonly (readonly [bytes: 2 | 4, value: number])[]): Uint8Array {
  const out = new Uint8Array(values.reduce((sum, [bytes]) => sum + bytes, 0));
  const view = new DataView(out.buffer);
  let at = 0;
  for (const [bytes, value] of values) {
    if (bytes === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += bytes;
  }
  return out;
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** What both headers of a file say alike. */
const common = (file: PackedFile, packed: Uint8Array) =>
  [
    [2, 20],
    [2, UTF8_NAMES],
    [2, DEFLATED],
    [2, 0],
    [2, DATE],
    [4, crc32(file.bytes)],
    [4, packed.length],
    [4, file.bytes.length],
    [2, utf8(file.path).length],
    [2, 0],
  ] as const;

/**
 * Packs files as a zip that depends on nothing but them: no time, in the order given, with permission bits of Unix.
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 *
 * @param files what is packed; less than 4 GiB in all
 * @returns the archive
 *
 * @example
 * ```ts
 * import { zip } from "./zip.ts";
 * import assert from "node:assert/strict";
 *
 * const files = [{ path: "a", bytes: new Uint8Array([1, 2]) }];
 * assert.deepEqual(zip(files), zip(files));
 * ```
 */
export function zip(files: readonly PackedFile[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const file of files) {
    const packed = new Uint8Array(deflateRawSync(file.bytes, { level: 9 }));
    const local = concatenate([fields([4, 0x04034b50], ...common(file, packed)), utf8(file.path), packed]);
    const mode = ((REGULAR_FILE | modeOf(file)) << 16) >>> 0;
    const own = [[2, 0], [2, 0], [2, 0], [4, mode], [4, at]] as const;
    directory.push(
      fields([4, 0x02014b50], [2, MADE_BY_UNIX], ...common(file, packed), ...own),
      utf8(file.path),
    );
    parts.push(local);
    at += local.length;
  }
  const entries = concatenate(directory);
  const end = fields([4, 0x06054b50], [2, 0], [2, 0], [2, files.length], [2, files.length], [4, entries.length], [
    4,
    at,
  ], [2, 0]);
  return concatenate([...parts, entries, end]);
}
