import { parse } from "dotenv";
import { errorCode } from "../core/error_code.ts";
import { AuthError } from "../core/errors.ts";
import { showPath } from "../core/shown.ts";
import type { Host } from "../core/host.ts";

/** What an env file sets. */
export interface EnvFile {
  readonly path: string;
  readonly variables: Readonly<Record<string, string>>;
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  EACCES: "permission denied",
  EISDIR: "it is a folder",
};

/**
 * Reads a .env file. Nothing in it is expanded: a secret may hold a dollar.
 *
 * @param path the file
 * @param host where it is
 * @returns its variables
 * @throws {AuthError} `env-file-unreadable`
 * @see https://www.npmjs.com/package/dotenv for the rules of quoting
 *
 * @example
 * ```ts
 * import { readEnvFile } from "./env_file.ts";
 * import assert from "node:assert/strict";
 *
 * const host = { readText: () => Promise.resolve("AZURE_CLIENT_SECRET='pa$$#word'\n") };
 * assert.deepEqual(await readEnvFile("prod.env", host), {
 *   path: "prod.env",
 *   variables: { AZURE_CLIENT_SECRET: "pa$$#word" },
 * });
 * ```
 */
export async function readEnvFile(path: string, host: Pick<Host, "readText">): Promise<EnvFile> {
  let text: string;
  try {
    text = await host.readText(path);
  } catch (cause) {
    const code = errorCode(cause) ?? "unknown reason";
    throw new AuthError("env-file-unreadable", {
      message: `Cannot read settings from "${showPath(path)}": ${WHY[code] ?? code}`,
      remedy: "name an existing .env file with --env-file",
      cause,
    });
  }
  return { path, variables: parse(text.replace(/^\uFEFF/, "")) };
}
