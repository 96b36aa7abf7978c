/** MLflow's own variables: those that are not settings of this program. */
const CLIENTS = /^MLFLOW_(?!(?:AZURE|AUTH|SECRETS)_)/;

/**
 * The variables of env files that the command gets: MLflow's own, where the environment does not have them. All others are settings
 * of this program alone.
 *
 * @param files the files in the order given; a later one wins
 * @param env the environment
 * @returns the variables, sorted by name
 *
 * @example
 * ```ts
 * import { clientVariables } from "./client_variables.ts";
 * import assert from "node:assert/strict";
 *
 * const variables = { MLFLOW_TRACKING_URI: "https://mlflow.example", AZURE_CLIENT_SECRET: "hidden", MLFLOW_AZURE_TTL_SEC: "60" };
 * assert.deepEqual(clientVariables([{ variables }], {}), { MLFLOW_TRACKING_URI: "https://mlflow.example" });
 * ```
 */
export function clientVariables(
  files: readonly { readonly variables: Readonly<Record<string, string>> }[],
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const all = files.flatMap(({ variables }) => Object.entries(variables));
  const own = all.filter(([name]) => CLIENTS.test(name) && env[name] === undefined);
  return Object.fromEntries([...new Map(own)].sort(([one], [other]) => one < other ? -1 : 1));
}
