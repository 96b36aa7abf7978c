import assert from "node:assert/strict";
import { test } from "node:test";
import { nearest } from "../../../src/core/nearest.ts";

test("nearest() counts insertions, deletions, replacements and swaps", () => {
  const far = (word: string) => nearest(word, ["secret"])?.distance;
  assert.deepEqual(["secret", "secrets", "secet", "sacret", "sercet", "", "xyz"].map(far), [0, 1, 1, 1, 1, 6, 6]);
});

test("nearest() looks at letters and digits alone, in any case", () => {
  assert.deepEqual(nearest("AZURE_TENANT_ID", ["azure-client-id", "azure-tenant-id"]), {
    word: "azure-tenant-id",
    distance: 0,
  });
});

test("nearest() has no answer where there are no words", () => assert.equal(nearest("x", []), undefined));
