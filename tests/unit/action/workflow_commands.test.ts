import assert from "node:assert/strict";
import { test } from "node:test";
import { errorCommand, fileEntry, maskCommand, warningCommand } from "../../../action/workflow_commands.mjs";

test("maskCommand() escapes what would end the command", () => {
  assert.equal(maskCommand("50%\r\nb:c,d"), "::add-mask::50%25%0D%0Ab:c,d\n");
});

test("errorCommand() and warningCommand() escape a title's separators too", () => {
  assert.equal(errorCommand("a: b, c", "50%\ntry: x"), "::error title=a%3A b%2C c::50%25%0Atry: x\n");
  assert.equal(warningCommand("a", "b"), "::warning title=a::b\n");
});

test("fileEntry() puts the value between delimiters", () => {
  assert.equal(fileEntry(["A", "b=c"], () => "00ff"), "A<<ghadelimiter_00ff\nb=c\nghadelimiter_00ff\n");
});
