import assert from "node:assert/strict";
import { test } from "node:test";
import { COMPLETION_SHELLS } from "../../../../src/cli/completions/shells.ts";
import { COMMANDS } from "../../../../src/cli/commands/commands.ts";

test("COMMANDS keeps 125 for what fails before a command of exec starts, and 2 for usage errors of the others", () => {
  const statuses = COMMANDS.map(({ name, failureStatus, usageStatus }) => [name, failureStatus, usageStatus]);
  assert.deepEqual(statuses.filter(([, failure, usage]) => failure !== 1 || usage !== 2), [["exec", 125, 125]]);
});

test("COMMANDS has a failing word for what a shell evaluates alone", () => {
  assert.deepEqual(COMMANDS.flatMap(({ name, failureWord }) => failureWord === undefined ? [] : [name]), ["export"]);
});

test("COMMANDS names in the summary of completions every shell that has some", () => {
  const summary = COMMANDS.find(({ name }) => name === "completions")?.summary;
  const names = COMPLETION_SHELLS.map(({ name }) => name).join(", ");
  assert.equal(summary, `print a script of completions for ${names}`);
});
