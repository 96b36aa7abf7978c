import { constants, readFileSync } from "node:fs";
import { open, readFile, stat } from "node:fs/promises";
import type { SystemFiles } from "./system_files.ts";

const NEWLINE = 10;

/**
 * Reads a file, at once: the first file that is read beside other work takes a millisecond more, for a thread of its own.
 * Through the C library where that can be called: Deno's own way takes half a millisecond, and refuses what lies below /dev and
 * /proc, where a file may be, as in `--env-file <(…)`.
 *
 * @param path the file
 * @param files the C library's way
 * @returns its bytes
 * @throws the system's error, with its `code`
 */
export function readBytes(path: string, files?: Pick<SystemFiles, "read" | "exists">): Uint8Array<ArrayBuffer> {
  const bytes = files?.read(path);
  if (bytes !== undefined) return bytes;
  if (files?.exists(path) === false) throw failure("ENOENT", `no such file or directory, open '${path}'`);
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    // What the C library could not read either, Deno refuses with an error of its own.
    if (!(error instanceof Error) || error.name !== "NotCapable") throw error;
    throw failure("EACCES", `permission denied, open '${path}'`);
  }
}

/**
 * Reads a file as UTF-8.
 *
 * @param path the file
 * @param files the C library's way
 * @returns its text
 * @throws as {@link readBytes}
 */
export function readText(path: string, files?: Pick<SystemFiles, "read" | "exists">): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(readBytes(path, files));
}

const failure = (code: string, message: string): Error => Object.assign(new Error(`${code}: ${message}`), { code });

/**
 * Says whether there is a file, without reading it.
 *
 * @param path the file
 * @returns true for a file, also one that may not be read; false for a folder, for nothing, and where the system does not tell
 */
export async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    // Nothing there, or a folder on the way that is closed to us: either way there is nothing to use.
    return false;
  }
}

/**
 * Appends lines to a file that exists. Where its last line has no end it gets one first, and only there: GitHub's runner skips an
 * empty line, and others refuse the whole file for it.
 *
 * @param path the file
 * @param lines what to append, each with its newline
 * @throws the system's error, with its `code`; an error of our own where the file does not hold the lines afterwards
 */
export async function appendLines(path: string, lines: string): Promise<void> {
  const file = await open(path, constants.O_RDWR | constants.O_APPEND);
  try {
    const { size } = await file.stat();
    const last = size === 0 ? undefined : (await file.read(new Uint8Array(1), 0, 1, size - 1)).buffer[0];
    await file.writeFile(last === undefined || last === NEWLINE ? lines : `\n${lines}`);
  } finally {
    await file.close();
  }
  if (!(await readFile(path, "utf8")).includes(lines)) throw failure("ENODATA", "what was written is not there");
}
