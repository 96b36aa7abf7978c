import { constants, readFileSync } from "node:fs";
import { open, stat } from "node:fs/promises";
import type { SystemFiles } from "./system_files.ts";

/** Deno reads nothing below /dev and /proc without every permission there is; a file may be there, as in `--env-file <(…)`. */
const isRefused = (error: unknown): boolean => error instanceof Error && error.name === "NotCapable";

/**
 * Reads a file as UTF-8, at once: the first file that is read beside other work takes a millisecond more, for a thread of its own.
 *
 * @param path the file
 * @param files another way to read what the runtime refuses to
 * @returns its text
 * @throws the system's error, with its `code`
 */
export function readText(path: string, files?: Pick<SystemFiles, "read">): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (!isRefused(error)) throw error;
    const bytes = files?.read(path);
    if (bytes !== undefined) return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    throw Object.assign(new Error(`EACCES: permission denied, open '${path}'`), { code: "EACCES" });
  }
}

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
