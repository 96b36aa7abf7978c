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
