import { AuthError } from "../core/errors.ts";

/** Why a value cannot be printed, without the value. */
export interface Refusal {
  /** The format that cannot hold it. */
  readonly format: string;
  /** What is so, such as `the value holds a line break`. */
  readonly reason: string;
  /** A format that can. */
  readonly instead: string;
}

/**
 * Makes the error for a value that would not come back byte for byte.
 *
 * @param name the variable
 * @param refusal the format, what stands against it, and a format that can hold the value
 * @returns the error, of code `format-cannot-hold`, to be thrown
 * @example
 * ```ts
 * import { refusal } from "./refusal.ts";
 * import assert from "node:assert/strict";
 *
 * const error = refusal("P", { format: "docker", reason: "the value holds a line break", instead: "json" });
 * assert.equal(error.message, 'Cannot print "P" in format "docker": the value holds a line break');
 * assert.equal(error.remedy, "mlflow-auth export --format json");
 * ```
 */
export function refusal(name: string, { format, reason, instead }: Refusal): AuthError {
  return new AuthError("format-cannot-hold", {
    message: `Cannot print "${name}" in format "${format}": ${reason}`,
    remedy: `mlflow-auth export --format ${instead}`,
  });
}
