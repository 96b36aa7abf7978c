import assert from "node:assert/strict";
import { test } from "node:test";
import { hasVault } from "../../../../src/azure/failures/failure_context.ts";
import { CONTEXT } from "../../../support/failure_context.ts";

test("hasVault() tells a failure of reading a vault from one of getting a token alone", () => {
  assert.deepEqual([hasVault(CONTEXT), hasVault({ ...CONTEXT, vault: undefined })], [true, false]);
});
