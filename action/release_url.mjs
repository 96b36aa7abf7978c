// @ts-check
import { Refusal } from "./refusal.mjs";

/**
 * Where a file of a release lies.
 *
 * @param {object} file
 * @param {string} file.repository `OWNER/REPO` of the action
 * @param {string} file.version such as `1.2.3`
 * @param {string} file.archive its name
 * @param {string} file.base `MLFLOW_AUTH_RELEASES_URL`: a mirror that holds a folder `v<version>` for each release; `""` for GitHub
 * @returns {URL}
 * @throws {Refusal} for a mirror that is neither https, nor loopback, nor a folder
 */
export function releaseUrl({ repository, version, archive, base }) {
  if (base === "") return new URL(`https://github.com/${repository}/releases/download/v${version}/${archive}`);
  const url = URL.canParse(base) ? new URL(`${base.replace(/\/+$/, "")}/v${version}/${archive}`) : undefined;
  const isLoopback = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url?.hostname ?? "");
  const isAllowed = url?.protocol === "https:" || url?.protocol === "file:" ||
    (url?.protocol === "http:" && isLoopback);
  if (url !== undefined && isAllowed) return url;
  throw new Refusal(
    'Cannot use "MLFLOW_AUTH_RELEASES_URL": it is no https URL',
    "write https://… (file:///… or http on loopback will do too), or unset it",
  );
}
