import { constants, readFileSync } from "node:fs";
import { open, stat } from "node:fs/promises";
import type { SystemFiles } from "./system_files.ts";

/**
 * Reads a file as UTF-8, at once: the first file that is read beside other work takes a millisecond more, for a thread of its own.
 * Through the C library where that can be called: Deno's own way takes half a millisecond, and refuses what lies below /dev and
 * /proc, where a file may be, as in `--env-file <(…)`.
 *
 * @param path the file
 * @param files the C library's way
 * @returns its text
 * @throws the system's error, with its `code`
 */
export function readText(path: string, files?: Pick<SystemFiles, "read" | "exists">): string {
  const bytes = files?.read(path);
  if (bytes !== undefined) return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  if (files?.exists(path) === false) throw failure("ENOENT", `no such file or directory, open '${path}'`);
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    // What the C library could not read either, Deno refuses with an error of its own.
    if (!(error instanceof Error) || error.name !== "NotCapable") throw error;
    throw failure("EACCES", `permission denied, open '${path}'`);
  }
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
 * Appends to a file that exists.
 *
 * @param path the file
 * @param text what to append
 * @throws the system's error, with its `code`
 */
export async function appendText(path: string, text: string): Promise<void> {
  const file = await open(path, constants.O_WRONLY | constants.O_APPEND);
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
}
