/**
 * Variables by which a runtime or a package would print what it sends, write keys to a file, trust other roots, or ask somebody else.
 * The program does not let them have any effect on itself; its command finds them as they were.
 */
export const IGNORED_VARIABLES: readonly string[] = [
  "AZURE_LOG_LEVEL",
  "DEBUG",
  "DENO_CERT",
  "DENO_TLS_CA_STORE",
  "MSAL_FORCE_REGION",
  "NODE_DEBUG",
  "SSLKEYLOGFILE",
  "TYPESPEC_RUNTIME_LOG_LEVEL",
];

/**
 * Says which variables that are set have no effect on the program.
 *
 * @param env the environment
 * @returns their names, in alphabetical order
 *
 * @example
 * ```ts
 * import { ignoredVariables } from "./ignored_variables.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(ignoredVariables({ DEBUG: "*", PATH: "/bin" }), ["DEBUG"]);
 * ```
 */
export function ignoredVariables(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  return IGNORED_VARIABLES.filter((name) => env[name] !== undefined);
}
