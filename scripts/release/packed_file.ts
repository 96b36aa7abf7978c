import { createHash } from "node:crypto";

/** A file of an archive. */
export interface PackedFile {
  /** Its path in the archive, with `/`. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly isExecutable?: boolean;
}

/**
 * The permission bits of a file, which are the same on every machine that packs it.
 *
 * @param file the file
 * @returns `0o755` or `0o644`
 */
export const modeOf = ({ isExecutable = false }: PackedFile): number => isExecutable ? 0o755 : 0o644;

/**
 * Seconds since 1970 that every packed file is dated: 1980, the first year that a zip can say.
 */
export const PACKED_AT_SEC = 315_532_800;

/**
 * The SHA-256 of some bytes.
 *
 * @param bytes what is hashed
 * @returns 64 hexadecimal digits
 */
export const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/**
 * The bytes of a text.
 *
 * @param text what is encoded as UTF-8
 * @returns its bytes
 */
export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
