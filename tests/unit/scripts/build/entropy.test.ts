import assert from "node:assert/strict";
import { test } from "node:test";
import { needsEntropy } from "../../../../scripts/build/launch/entropy.ts";

const needed = (args: readonly string[], { version = "2.9.6", cache = undefined as string | undefined } = {}) =>
  needsEntropy({ args, version, cache });

test("needsEntropy() is so where a run opens connections, from the version on that gathers slowly", () => {
  assert.deepEqual(
    [["exec", "--", "true"], ["export"], ["proxy"], ["doctor", "--json"], ["info"], ["--help"], []].map((args) =>
      needed(args)
    ),
    [true, true, true, true, false, false, false],
  );
  assert.deepEqual(
    ["2.4.2", "2.6.8", "2.7.0", "2.10.0", "3.0.0", "1.46.3"].map((version) => needed(["exec"], { version })),
    [false, false, true, true, true, false],
  );
});

test("needsEntropy() is not so where a credential may be kept", () => {
  assert.equal(needed(["exec", "--cache", "--", "true"]), false);
  assert.equal(needed(["exec"], { cache: "keyring" }), false);
  assert.equal(needed(["exec"], { cache: "off" }), true);
});
