import { AuthError } from "../core/errors.ts";

/**
 * Waits for a step that may fail.
 *
 * @param step the step
 * @returns the failure, or `undefined` where there was none
 * @throws whatever else than an {@link AuthError} the step throws: a defect
 *
 * @example
 * ```ts
 * import { errorOf } from "./error_of.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(await errorOf(() => Promise.resolve(1)), undefined);
 * ```
 */
export async function errorOf(step: () => Promise<unknown>): Promise<AuthError | undefined> {
  try {
    await step();
    return undefined;
  } catch (error) {
    if (error instanceof AuthError) return error;
    throw error;
  }
}
