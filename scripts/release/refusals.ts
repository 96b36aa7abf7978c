/** Why nothing is released, and what to do about it. */
export interface Refusal {
  readonly message: string;
  readonly remedy: string;
}

/** What is looked at before anything is built. */
export interface Before {
  /** `version` of deno.json. */
  readonly version: string;
  /** The text of CHANGELOG.md. */
  readonly changelog: string;
  /** What `git status --porcelain` prints. */
  readonly changes: string;
}

/**
 * The section of the changelog for a version.
 *
 * @param version such as `1.2.3`
 * @param changelog the text of CHANGELOG.md
 * @returns its lines below the heading; `undefined` where there is none
 *
 * @example
 * ```ts
 * import { changesOf } from "./refusals.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(changesOf("1.2.3", "# Changelog\n\n## 1.2.3\n\n- Added x.\n\n## 1.2.2\n"), "- Added x.");
 * ```
 */
export function changesOf(version: string, changelog: string): string | undefined {
  const sections = changelog.split(/^## /m).slice(1);
  const own = sections.find((section) => /^\[?([^\]\s]+)/.exec(section)?.[1] === version);
  return own?.split("\n").slice(1).join("\n").trim();
}

/**
 * Says why a release cannot be made of what is there.
 *
 * @param before what is looked at
 * @returns every reason; none where it can
 */
export function refusals({ version, changelog, changes }: Before): readonly Refusal[] {
  const found: Refusal[] = [];
  if (!/^\d+\.\d+\.\d+(?:-(?:alpha|beta|rc)\.\d+)?$/.test(version)) {
    found.push({
      message: `Cannot release version "${version}": it is neither 1.2.3 nor 1.2.3-rc.1`,
      remedy: "write another version in deno.json",
    });
  }
  const section = changesOf(version, changelog);
  if (section === undefined || section === "") {
    const is = section === undefined ? "CHANGELOG.md has no heading for it" : "its section in CHANGELOG.md is empty";
    found.push({
      message: `Cannot release version "${version}": ${is}`,
      remedy: `write "## ${version}" in CHANGELOG.md, and below it what somebody who upgrades will notice`,
    });
  }
  const files = changes.split("\n").filter((line) => line !== "");
  if (files.length > 0) {
    const [first = ""] = files;
    const more = files.length > 1 ? ` and ${files.length - 1} more` : "";
    found.push({
      message: `Cannot release version "${version}": "${first.slice(3)}"${more} differs from the commit`,
      remedy: "commit the changes, or put them away: git stash --include-untracked",
    });
  }
  return found;
}
