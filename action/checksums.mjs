// @ts-check
import { Refusal } from "./refusal.mjs";

/** @typedef {Readonly<Record<string, Readonly<Record<string, string>>>>} Checksums SHA-256 by version, then by file name */

/**
 * Reads the checksums that are committed beside the action.
 *
 * @param {string} text what `sha256sums.json` holds
 * @returns {Checksums}
 * @throws {Refusal} where it holds something else
 */
export function readChecksums(text) {
  const broken = (/** @type {string} */ is) =>
    new Refusal(`Cannot read "sha256sums.json": ${is}`, "use the action at a tag, as it was released");
  /** @type {unknown} */
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw broken("it is not JSON");
  }
  if (!isRecord(value)) throw broken("it is not an object");
  /** @type {Record<string, Record<string, string>>} */
  const checksums = {};
  for (const [version, files] of Object.entries(value)) {
    if (!isRecord(files)) throw broken(`"${version}" is not an object`);
    checksums[version] = {};
    for (const [file, digest] of Object.entries(files)) {
      if (typeof digest !== "string" || !/^[0-9a-f]{64}$/.test(digest)) throw broken(`"${file}" has no SHA-256`);
      checksums[version][file] = digest;
    }
  }
  return checksums;
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The checksum that a file must have.
 *
 * @param {Checksums} checksums those of the action
 * @param {{ readonly version: string, readonly archive: string }} wanted which file
 * @returns {string} 64 hexadecimal digits
 * @throws {Refusal} where the action has none: a file that cannot be checked is not fetched
 */
export function digestOf(checksums, { version, archive }) {
  const digest = Object.hasOwn(checksums, version) ? checksums[version]?.[archive] : undefined;
  if (digest !== undefined) return digest;
  const known = Object.keys(checksums).join(", ");
  throw new Refusal(
    `Cannot install "${archive}" of version "${version}": this revision of the action has no SHA-256 for it`,
    known === ""
      ? "use the action at the tag of a release: its revisions before the first one can install nothing"
      : `use the action at the tag v${version}, or one of the versions that it knows: ${known}`,
  );
}
