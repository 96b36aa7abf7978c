import assert from "node:assert/strict";
import { test } from "node:test";
import { changesOf, refusals } from "../../../../scripts/release/refusals.ts";
import { releaseNotes } from "../../../../scripts/release/release_notes.ts";

const CHANGELOG = "# Changelog\n\n## Unreleased\n\n## 1.2.3\n\n- Added x.\n- Fixed y.\n\n## 1.2.2\n\n- Added z.\n";

test("refusals() finds nothing against a version with a section, on a clean tree", () => {
  assert.deepEqual(refusals({ version: "1.2.3", changelog: CHANGELOG, changes: "" }), []);
});

test("refusals() names each reason and what to do about it", () => {
  assert.deepEqual(refusals({ version: "1.3", changelog: CHANGELOG, changes: " M a.ts\n?? b.ts\n" }), [
    {
      message: 'Cannot release version "1.3": it is neither 1.2.3 nor 1.2.3-rc.1',
      remedy: "write another version in deno.json",
    },
    {
      message: 'Cannot release version "1.3": CHANGELOG.md has no heading for it',
      remedy: 'write "## 1.3" in CHANGELOG.md, and below it what somebody who upgrades will notice',
    },
    {
      message: 'Cannot release version "1.3": "a.ts" and 1 more differs from the commit',
      remedy: "commit the changes, or put them away: git stash --include-untracked",
    },
  ]);
});

test("refusals() takes neither an empty section nor one of a longer version", () => {
  const says = (version: string, changelog: string) =>
    refusals({ version, changelog, changes: "" }).map(({ message }) => message);
  assert.deepEqual(says("1.2.3", "## 1.2.3\n\n## 1.2.2\n\n- x\n"), [
    'Cannot release version "1.2.3": its section in CHANGELOG.md is empty',
  ]);
  assert.deepEqual(says("1.2.3", "## 1.2.3-rc.1\n\n- x\n"), [
    'Cannot release version "1.2.3": CHANGELOG.md has no heading for it',
  ]);
});

test("changesOf() gives the lines of one section, whose heading may have a date", () => {
  assert.equal(changesOf("1.2.3", CHANGELOG), "- Added x.\n- Fixed y.");
  assert.equal(changesOf("1.2.2", "## [1.2.2] - 2026-01-31\n\n- Added z.\n"), "- Added z.");
  assert.equal(changesOf("1.2.4", CHANGELOG), undefined);
});

test("releaseNotes() begins with the changes and has the lines that verify", () => {
  const facts = { version: "1.2.3", repository: "me/mlflow-auth", committedAt: "2026-01-31T12:00:00Z", license: "" };
  const notes = releaseNotes(facts, "- Added x.");
  assert.equal(notes.split("\n")[0], "- Added x.");
  const lines = notes.split("\n").filter((line) => /^(?:curl|sha256sum|gh|cosign| {2}--)/.test(line));
  assert.deepEqual(lines, [
    "curl -fsSL https://github.com/me/mlflow-auth/releases/download/v1.2.3/install.sh | sh",
    "sha256sum --check --ignore-missing SHA256SUMS",
    "gh attestation verify mlflow-auth-x86_64-unknown-linux-gnu.tar.gz --repo me/mlflow-auth",
    "cosign verify-blob SHA256SUMS --bundle SHA256SUMS.sigstore.json --new-bundle-format \\",
    "  --certificate-identity-regexp '^https://github\\.com/me/mlflow-auth/\\.github/workflows/release\\.yml@' \\",
    "  --certificate-oidc-issuer https://token.actions.githubusercontent.com",
  ]);
});
