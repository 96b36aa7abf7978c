import assert from "node:assert/strict";
import { test } from "node:test";
import { COMMANDS } from "../../../src/cli/commands/commands.ts";
import { SIDECAR } from "../../../src/core/sidecar.ts";

test("SIDECAR is no command that a person could give", () => {
  assert.deepEqual(COMMANDS.map(({ name }) => name).filter((name) => name === SIDECAR), []);
});
