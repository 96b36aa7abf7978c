import { parse } from "dotenv";
import { errorCode } from "../core/error_code.ts";
import { AuthError } from "../core/errors.ts";
import type { Host } from "../core/host.ts";
import { shellsOwn } from "../core/settings/as_pasted.ts";
import { showPath } from "../core/shown.ts";
import { asDotenv, type Lines } from "./env_lines.ts";

/** What an env file sets. */
export interface EnvFile {
  readonly path: string;
  readonly variables: Readonly<Record<string, string>>;
  /** What was passed over, a line each. */
  readonly warnings?: readonly string[];
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  EACCES: "permission denied",
  EISDIR: "it is a folder",
};

/**
 * Reads a .env file, or another one that sets variables. Nothing in it is expanded: a secret may hold a dollar.
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
 * const bytes = new TextEncoder().encode("AZURE_CLIENT_SECRET='pa$$#word'\n");
 * assert.deepEqual(await readEnvFile("prod.env", { readBytes: () => Promise.resolve(bytes) }), {
 *   path: "prod.env",
 *   variables: { AZURE_CLIENT_SECRET: "pa$$#word" },
 *   warnings: [],
 * });
 * ```
 */
export async function readEnvFile(path: string, host: Pick<Host, "readBytes">): Promise<EnvFile> {
  const home = shellsOwn(path);
  const refuse = (is: string, cause?: unknown): AuthError =>
    new AuthError("env-file-unreadable", {
      message: `Cannot read settings from "${showPath(path)}": ${is}`,
      remedy: home === undefined
        ? "name an existing .env file with --env-file"
        : `write the whole path: no shell replaced ${home}`,
      cause,
    });
  let text: string;
  try {
    text = decode(await host.readBytes(path)).replace(/^\uFEFF/, "");
  } catch (cause) {
    const code = errorCode(cause) ?? "unknown reason";
    throw refuse(WHY[code] ?? code, cause);
  }
  const file = showPath(path);
  const fromJson = /^\s*[[{]/.test(text) ? variablesOfJson(text) : undefined;
  if (typeof fromJson === "string") throw refuse(fromJson);
  if (fromJson !== undefined) return { path, variables: fromJson, warnings: warningsOf(file, { variables: fromJson }) };
  const lines = asDotenv(text);
  const variables = parse(lines.text);
  return { path, variables, warnings: warningsOf(file, { variables, ...lines }) };
}

/** What is to be said of a file beside what it sets, a line each. */
function warningsOf(
  file: string,
  { variables, strange = [], unclosed }: Pick<EnvFile, "variables"> & Partial<Omit<Lines, "text">>,
): readonly string[] {
  return [
    ...strange.map((line) => `line ${line} of ${file} sets no variable`),
    ...(unclosed === undefined ? [] : [`line ${unclosed} of ${file} opens a quote that nothing closes`]),
    ...(Object.keys(variables).length === 0 ? [`${file} sets no variable`] : []),
  ];
}

/** PowerShell writes UTF-16, with a mark in front, which older ones leave out. */
function decode(bytes: Uint8Array<ArrayBuffer>): string {
  const [first, second] = bytes;
  const wide = first === 0xff && second === 0xfe || second === 0 && first !== 0
    ? "utf-16le"
    : first === 0xfe && second === 0xff || first === 0 && second !== undefined
    ? "utf-16be"
    : undefined;
  return new TextDecoder(wide ?? "utf-8", { ignoreBOM: true }).decode(bytes);
}

const isText = (value: unknown): value is string | number | boolean =>
  ["string", "number", "boolean"].includes(typeof value);

/** An object of texts, or the list that `az webapp config appsettings list` prints; else what is wrong with it. */
function variablesOfJson(text: string): Readonly<Record<string, string>> | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    return "it begins like JSON and is not valid";
  }
  const entries: readonly (readonly [unknown, unknown])[] = Array.isArray(value)
    ? value.map((item: unknown) => {
      const { name, value: own } = typeof item === "object" && item !== null ? item as Record<string, unknown> : {};
      return [name, own];
    })
    : Object.entries(value as object);
  const texts = entries.filter((entry): entry is readonly [string, string | number | boolean] =>
    typeof entry[0] === "string" && isText(entry[1])
  );
  if (texts.length < entries.length) return "it is JSON, but not an object of texts";
  return Object.fromEntries(texts.map(([name, own]) => [name, String(own)]));
}
