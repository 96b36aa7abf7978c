import assert from "node:assert/strict";
import { test } from "node:test";
import { incomplete, unset } from "../../../../src/azure/sign_in/incomplete.ts";

test("incomplete() names every variable that is missing, and how to set it", () => {
  const error = incomplete("workload identity", ["AZURE_TENANT_ID", "AZURE_CLIENT_ID"]);
  assert.deepEqual([error.code, error.message, error.remedy], [
    "identity-incomplete",
    'Cannot use "workload identity": AZURE_TENANT_ID and AZURE_CLIENT_ID are not set',
    "export AZURE_TENANT_ID=<tenant id>; export AZURE_CLIENT_ID=<client id>",
  ]);
});

test("unset() keeps the order and counts an empty value as none", () => {
  assert.deepEqual(unset({ B: undefined, A: "", C: "x", D: undefined }), ["B", "A", "D"]);
});
