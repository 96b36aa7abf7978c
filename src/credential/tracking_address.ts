import { AuthError } from "../core/errors.ts";

/** A host by itself, as people write it without its scheme; a plain name needs a port to be told from a folder. */
const BARE_HOST =
  /^(localhost|\d{1,3}(\.\d{1,3}){3}|\[[\da-f:]+\]|[a-z\d-]+(\.[a-z\d-]+)+|[a-z\d-]+(?=:\d))(:\d{1,5})?(\/[^\\]*)?$/i;

const RULES: readonly (readonly [RegExp, string])[] = [
  [/\p{Cc}/u, "it holds a line end or another control character"],
  [/\s$/, "it ends with a blank"],
  [/^\s*https?:(?!\/\/[^/])/i, "it names no host"],
  [/\\/, "it holds a backslash"],
  [/#/, "it holds a #, behind which clients put the path of each request"],
  [/\?/, "it holds a ?, behind which clients put the path of each request"],
];

/**
 * Looks at the tracking URI as MLflow's clients use it: they append the path of each request to the text as it is.
 *
 * @param uri value of `MLFLOW_TRACKING_URI`
 * @returns what is wrong with it, with the corrected line, or `undefined` for one that clients can use
 *
 * @example
 * ```ts
 * import { addressFlaw } from "./tracking_address.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(addressFlaw("https://mlflow.example/team"), undefined);
 * assert.equal(
 *   addressFlaw("https://mlflow.example/#/experiments/1")?.remedy,
 *   "export MLFLOW_TRACKING_URI=https://mlflow.example",
 * );
 * assert.equal(addressFlaw("mlflow.example:5000")?.remedy, "export MLFLOW_TRACKING_URI=http://mlflow.example:5000");
 * ```
 */
export function addressFlaw(uri: string): AuthError | undefined {
  const [, , quoted] = /^\s*(["'])(.*)\1\s*$/.exec(uri) ?? [];
  if (quoted !== undefined && (/^https?:/i.test(quoted) || BARE_HOST.test(quoted))) {
    return flaw("it stands in quotes, which clients keep", quoted);
  }
  const isHttp = /^\s*https?:/i.test(uri);
  if (!isHttp && !BARE_HOST.test(uri.trim())) return undefined;
  const so = isHttp
    ? RULES.find(([pattern]) => pattern.test(uri))?.[1] ?? (URL.canParse(uri) ? undefined : "it is no URL")
    : "it begins with no https:// or http://, so clients take it for a folder";
  if (so === undefined) return undefined;
  return flaw(so, uri);
}

const flaw = (so: string, uri: string): AuthError =>
  new AuthError("setting-invalid", {
    message: `Cannot use "MLFLOW_TRACKING_URI": ${so}`,
    remedy: `export MLFLOW_TRACKING_URI=${corrected(uri)}`,
  });

/** The address that was probably meant, without user name and password, or one to fill in. */
function corrected(uri: string): string {
  const text = uri.replace(/\p{Cc}/gu, "").trim().replaceAll("\\", "/").replace(/[#?].*$/, "");
  const [, scheme = "", rest = ""] = /^(https?):\/*(.*)$/i.exec(text) ?? [];
  // Whoever names a port seldom has a certificate for it.
  const whole = scheme === ""
    ? `${/:\d/.test(text) ? "http" : "https"}://${text}`
    : `${scheme.toLowerCase()}://${/:\/\/\//.test(text) ? `HOST/${rest}` : rest}`;
  if (!URL.canParse(whole)) return `${scheme === "" ? "https" : scheme.toLowerCase()}://HOST:PORT`;
  const { origin, pathname } = new URL(whole);
  return `${origin.replace("://host", "://HOST")}${pathname.replace(/\/+$/, "")}`;
}
