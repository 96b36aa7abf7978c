import type { Host } from "../core/host.ts";
import { errorCode } from "./error_code.ts";

/**
 * Says whether there is a file, without reading it where the platform allows that.
 *
 * @param path the file
 * @param host the file system
 * @returns true if there is a file of this name
 *
 * @example
 * ```ts
 * import { fileExists } from "./file_exists.ts";
 * import assert from "node:assert/strict";
 *
 * const readText = () => Promise.reject(Object.assign(new Error("not a directory"), { code: "ENOTDIR" }));
 * assert.equal(await fileExists("/usr/bin/az", { readText, platform: "linux" }), true);
 * ```
 */
export async function fileExists(path: string, host: Pick<Host, "readText" | "platform">): Promise<boolean> {
  // POSIX: a file's name with a slash behind it is ENOTDIR, a missing one's ENOENT. Programs are large, and need not be readable.
  const asked = host.platform === "windows" ? path : `${path}/`;
  try {
    await host.readText(asked);
    return host.platform === "windows";
  } catch (error) {
    return errorCode(error) === "ENOTDIR";
  }
}
