import { AuthError } from "../../core/errors.ts";

/**
 * The error for an identity of which only a part is configured.
 *
 * @param title what it is, in words
 * @param missing the variables that are not set
 * @returns the error, `identity-incomplete`
 *
 * @example
 * ```ts
 * import { incomplete } from "./incomplete.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(
 *   incomplete("service principal with a client secret", ["AZURE_TENANT_ID"]).message,
 *   'Cannot use "service principal with a client secret": AZURE_TENANT_ID is not set',
 * );
 * ```
 */
export function incomplete(title: string, missing: readonly string[]): AuthError {
  return new AuthError("identity-incomplete", {
    message: `Cannot use "${title}": ${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} not set`,
    remedy: missing.map((name) => `export ${name}=<${name.toLowerCase().replace(/^azure_/, "").replaceAll("_", " ")}>`)
      .join("; "),
  });
}

/**
 * The names of those variables that have no value.
 *
 * @param variables each variable with its value
 * @returns the names, in order
 */
export function unset(variables: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(variables).filter(([, value]) => value === undefined || value === "").map(([name]) => name);
}
