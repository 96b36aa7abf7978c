/**
 * The system's code of an error, such as `ENOENT`.
 *
 * @param error anything that was thrown
 * @returns its `code`, or `undefined` where it has none
 *
 * @example
 * ```ts
 * import { errorCode } from "./error_code.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(errorCode(Object.assign(new Error("no such file"), { code: "ENOENT" })), "ENOENT");
 * ```
 */
export function errorCode(error: unknown): string | undefined {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}

/** What is so, and what to do, where a process may have no more files and connections open. */
export const OPEN_FILES = {
  is: "this process has as many files and connections open as it may (EMFILE)",
  remedy: "ulimit -n 64",
};

/**
 * Whether something failed since the process may have no more files and connections open.
 *
 * @param text codes and messages of the failure
 *
 * @example
 * ```ts
 * import { tellsOpenFiles } from "./error_code.ts";
 * import assert from "node:assert/strict";
 *
 * assert.ok(tellsOpenFiles("tcp open error: Too many open files (os error 24)"));
 * ```
 */
export function tellsOpenFiles(text: string): boolean {
  return /\bEMFILE\b|too many open files/i.test(text);
}
