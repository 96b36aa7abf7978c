// @ts-check
import { Buffer } from "node:buffer";
import { maskCommand } from "./workflow_commands.mjs";

/**
 * The commands that make the runner hide the credential of a script: the token or the password, each of its lines (older runners hide
 * no more than one line), its spelling in JSON and in a URL, and what an HTTP header has of it in base64. The user name alone stays
 * readable: a runner that hides a common word drops the outputs of jobs that hold it.
 *
 * @param {Readonly<Record<string, string | undefined>>} env the script's environment
 * @returns {string} lines of `::add-mask::`, or `""` for nothing to hide
 */
export function maskCommands(env) {
  const { MLFLOW_TRACKING_TOKEN: token, MLFLOW_TRACKING_USERNAME: user, MLFLOW_TRACKING_PASSWORD: password } = env;
  const forms = [token, password].flatMap((value) => value === undefined ? [] : formsOf(value));
  if (token !== undefined) forms.push(Buffer.from(token).toString("base64"));
  if (user !== undefined && password !== undefined) forms.push(Buffer.from(`${user}:${password}`).toString("base64"));
  return [...new Set(forms)].filter((form) => form.trim() !== "").map(maskCommand).join("");
}

/**
 * @param {string} value
 * @returns {string[]}
 */
function formsOf(value) {
  const lines = value.split(/[\r\n]+/).map((line) => line.trim());
  // A value that is no text has no spelling in a URL.
  const url = value.isWellFormed() ? [encodeURIComponent(value)] : [];
  return [value, ...lines, JSON.stringify(value).slice(1, -1), ...url];
}
