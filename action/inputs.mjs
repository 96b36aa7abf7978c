// @ts-check
import { Refusal } from "./refusal.mjs";

/** @typedef {Readonly<Record<string, string | undefined>>} Environment */

/**
 * What the step was asked for.
 *
 * @typedef {object} Inputs
 * @property {Readonly<Record<string, string>>} settings variables of mlflow-auth, none of them secret
 * @property {string} run the script; `""` without one
 * @property {string} workingDirectory
 * @property {string} shell
 * @property {boolean} isExport
 * @property {string} version
 */

/** Inputs that set a variable. */
const SETTINGS = /** @type {const} */ ([
  ["vault-url", "MLFLOW_AZURE_KEY_VAULT_URL"],
  ["secret-name", "MLFLOW_AZURE_SECRET_NAME"],
  ["secret-version", "MLFLOW_AZURE_SECRET_VERSION"],
  ["token-scope", "MLFLOW_AZURE_TOKEN_SCOPE"],
  ["auth-mode", "MLFLOW_AZURE_AUTH_MODE"],
  ["tenant-id", "AZURE_TENANT_ID"],
  ["client-id", "AZURE_CLIENT_ID"],
  ["tracking-uri", "MLFLOW_TRACKING_URI"],
]);

/** Every input of `action.yml`, in its order. */
export const INPUTS = [...SETTINGS.map(([name]) => name), "run", "working-directory", "shell", "export", "version"];

/**
 * The variable in which the runner hands over an input.
 *
 * @param {string} name an input's name
 * @returns {string} such as `INPUT_VAULT-URL`
 */
export const variableOf = (name) => `INPUT_${name.toUpperCase()}`;

/**
 * Reads the inputs.
 *
 * @param {Environment} env the step's environment
 * @returns {Inputs}
 * @throws {Refusal} where they contradict each other
 */
export function readInputs(env) {
  const raw = (/** @type {string} */ name) => env[variableOf(name)] ?? "";
  const trimmed = (/** @type {string} */ name) => raw(name).trim();
  const settings = SETTINGS.map(([name, variable]) => [variable, trimmed(name)]).filter(([, value]) => value !== "");
  const run = trimmed("run") === "" ? "" : raw("run");
  const isExport = readBoolean("export", trimmed("export"));
  if (run !== "" && isExport) {
    throw new Refusal(
      'Cannot take both "run" and "export": one keeps the credential in its script, the other hands it to every later step',
      "leave out export: true, or run the script in a step of its own",
    );
  }
  const lonely = ["working-directory", "shell"].find((name) => run === "" && trimmed(name) !== "");
  if (lonely !== undefined) {
    throw new Refusal(`Cannot use "${lonely}": there is no script`, "add run:, or leave it out");
  }
  return {
    settings: Object.fromEntries(settings),
    run,
    workingDirectory: trimmed("working-directory"),
    shell: trimmed("shell"),
    isExport,
    version: trimmed("version"),
  };
}

/**
 * @param {string} name
 * @param {string} text
 * @returns {boolean}
 */
function readBoolean(name, text) {
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE|)$/.test(text)) return false;
  throw new Refusal(`Cannot use "${name}": it is neither true nor false`, `write ${name}: true, or leave it out`);
}
