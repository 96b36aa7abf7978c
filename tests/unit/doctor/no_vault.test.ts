import assert from "node:assert/strict";
import { test } from "node:test";
import { noVault } from "../../../src/doctor/no_vault.ts";

test("noVault() skips what looks at a vault where none is asked", async () => {
  assert.deepEqual(await noVault({ scope: () => Promise.resolve("api://a/.default") }), [
    { status: "skip", message: "not checked", reason: "no vault is asked: the credential is the identity's token" },
  ]);
});
