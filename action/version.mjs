// @ts-check
import { Refusal } from "./refusal.mjs";

/**
 * Chooses the version to install: the one asked for; else that of the tag by which the action is used; else the newest one that the
 * revision knows, which is its own, as a release commits its checksums before it is tagged. So a moving tag (`v1`), a branch and a
 * commit's SHA work too.
 *
 * @param {object} from
 * @param {string} from.wanted the input `version`; `""` without one
 * @param {string} from.ref what `GITHUB_ACTION_REF` says; `""` for an action of the same repository
 * @param {readonly string[]} from.known versions that have checksums
 * @returns {string} such as `1.2.3`
 * @throws {Refusal} where there is none, or no version is asked for
 */
export function chooseVersion({ wanted, ref, known }) {
  if (wanted !== "") {
    const version = wanted.replace(/^v/, "");
    if (VERSION.test(version)) return version;
    throw new Refusal(`Cannot use version "${wanted}": it is none`, "write it as in version: 1.2.3, or leave it out");
  }
  const tag = ref.replace(/^v/, "");
  if (VERSION.test(tag)) return tag;
  const line = /^v?\d+(?:\.\d+)?$/.test(ref) ? `${tag}.` : "";
  const newest = known.filter((version) => version.startsWith(line)).sort(compare).at(-1);
  if (newest !== undefined) return newest;
  throw new Refusal(
    `Cannot tell which version belongs to "${ref === "" ? "this revision" : ref}": it has no checksums`,
    "use the action at the tag of a release, or give version:",
  );
}

const VERSION = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/;

/**
 * Versions in their order; one that is not final comes before the one that is.
 *
 * @param {string} left
 * @param {string} right
 * @returns {number}
 */
function compare(left, right) {
  const numbers = (/** @type {string} */ version) => version.split(/[.-]/, 3).map(Number);
  const [a, b] = [numbers(left), numbers(right)];
  const at = a.findIndex((number, index) => number !== b[index]);
  if (at !== -1) return (a[at] ?? 0) - (b[at] ?? 0);
  const isDraft = (/** @type {string} */ version) => version.includes("-");
  if (isDraft(left) !== isDraft(right)) return isDraft(left) ? -1 : 1;
  return left.localeCompare(right, "en", { numeric: true });
}
