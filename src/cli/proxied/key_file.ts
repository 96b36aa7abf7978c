import { dirname } from "node:path";
import { errorCode } from "../../core/error_code.ts";
import { AuthError } from "../../core/errors.ts";
import type { Host } from "../../core/host.ts";
import { Secret } from "../../core/secret.ts";
import { pathWord, showPath } from "../../core/shown.ts";
import { isKey, makeKey } from "../../credential/proxy_key.ts";

const WHY: Readonly<Record<string, string>> = {
  ENOENT: "its folder does not exist",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "it is a folder",
  ELOOP: "it is a link",
  EROFS: "the file system is read-only",
  ENOSPC: "the file system is full",
};

/**
 * Gives the key that a file holds; makes both where there is no such file, so that whoever comes first decides.
 *
 * @param path the file
 * @param host the file system and where randomness comes from
 * @returns the key
 * @throws {AuthError} `key-file-unusable`
 *
 * @example
 * ```ts
 * import { keyFrom } from "./key_file.ts";
 * import assert from "node:assert/strict";
 *
 * const kept = `mlflow-auth-${"k".repeat(43)}`;
 * const host = { randomHex: () => "0123456789abcdef0123456789abcdef", keepOwnFile: () => Promise.resolve({ text: `${kept}\n` }) };
 * assert.equal((await keyFrom("/run/key", host)).reveal(), kept);
 * ```
 */
export async function keyFrom(path: string, host: Pick<Host, "keepOwnFile" | "randomHex">): Promise<Secret> {
  const unusable = (
    flaw: string,
    { remedy, cause }: { readonly remedy: string; readonly cause?: unknown },
  ): AuthError =>
    new AuthError("key-file-unusable", {
      message: `Cannot use the key file "${showPath(path)}": ${flaw}`,
      remedy: `${remedy}, or name another --key-file`,
      cause,
    });
  const found = await host.keepOwnFile(path, `${makeKey(host).reveal()}\n`).catch((cause: unknown) => {
    const code = errorCode(cause) ?? "the system refuses it";
    const remedy = code === "ENOENT"
      ? `mkdir -p ${pathWord(dirname(path))}`
      : `see who may write there: ls -la ${pathWord(dirname(path))}`;
    throw unusable(WHY[code] ?? code, { remedy, cause });
  });
  const remedy = "remove it, so that the proxy makes its own";
  if (found.flaw !== undefined) throw unusable(found.flaw, { remedy });
  const key = found.text.trim();
  if (!isKey(key)) throw unusable("it holds no key of a proxy", { remedy });
  return new Secret(key);
}
