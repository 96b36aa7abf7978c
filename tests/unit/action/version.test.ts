import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseVersion } from "../../../action/version.mjs";

const known = ["1.9.0", "1.10.0", "1.10.1-rc.1", "2.0.0-rc.2", "2.0.0-rc.10", "2.0.0"];

test("chooseVersion() takes the version asked for, then the tag, then the newest one that the revision knows", () => {
  const chosen = (wanted: string, ref: string) => chooseVersion({ wanted, ref, known });
  assert.equal(chosen("1.9.0", "v2.0.0"), "1.9.0");
  assert.equal(chosen("v1.9.0", ""), "1.9.0");
  assert.equal(chosen("", "v1.9.0"), "1.9.0");
  assert.equal(chosen("", "v3.0.0-rc.1"), "3.0.0-rc.1");
  assert.equal(chosen("", "v1.10"), "1.10.1-rc.1");
  assert.equal(chosen("", "v2"), "2.0.0");
  assert.equal(chosen("", "0123456789abcdef0123456789abcdef01234567"), "2.0.0");
  assert.equal(chosen("", "main"), "2.0.0");
  assert.equal(chosen("", ""), "2.0.0");
});

test("chooseVersion() puts drafts in the order of their numbers", () => {
  assert.equal(chooseVersion({ wanted: "", ref: "main", known: known.slice(0, -1) }), "2.0.0-rc.10");
});

test("chooseVersion() refuses a version that is none, and a revision that knows none", () => {
  assert.throws(() => chooseVersion({ wanted: "latest", ref: "v1.0.0", known }), {
    message: 'Cannot use version "latest": it is none',
  });
  assert.throws(() => chooseVersion({ wanted: "../1.0.0", ref: "", known }), /it is none$/);
  assert.throws(() => chooseVersion({ wanted: "", ref: "main", known: [] }), {
    message: 'Cannot tell which version belongs to "main": it has no checksums',
  });
  assert.throws(() => chooseVersion({ wanted: "", ref: "v7", known }), /"v7"/);
});
