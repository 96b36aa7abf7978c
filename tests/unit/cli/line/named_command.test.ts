import assert from "node:assert/strict";
import { test } from "node:test";
import { namedCommand } from "../../../../src/cli/line/named_command.ts";

/** A command line, and the command whose statuses count where it is not understood. */
const LINES: readonly (readonly [line: string, name: string | undefined])[] = [
  ["", undefined],
  ["exec -- true", "exec"],
  ["--env-file exec export", "export"],
  ["--vault-url=info exec -- info", "exec"],
  ["--no-such doctor exec", "doctor"],
  ["--no-such word exec -- true", "exec"],
  ["--no-such -- exec", "exec"],
  ["exce info", undefined],
];

for (const [line, name] of LINES) {
  test(`namedCommand() finds ${name ?? "none"} in "${line}"`, () => {
    assert.equal(namedCommand(line.split(" ").filter((word) => word !== ""))?.name, name);
  });
}
