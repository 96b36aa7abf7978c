import assert from "node:assert/strict";
import { test } from "node:test";
import { makeCommand } from "../../../../src/cli/commands/command.ts";
import { openSession } from "../../../../src/cli/session.ts";
import { fakeHost } from "../../../support/host.ts";

test("makeCommand() reads each option by the type of its row", async () => {
  const read: { keepEnv: readonly string[]; name: string; at: string; force: boolean }[] = [];
  const command = makeCommand({
    description: "Read options.",
    options: [
      { flag: "--keep-env", value: "name", doc: "", many: true },
      { flag: "--name", value: "name", doc: "" },
      { flag: "--at", value: "host", doc: "", fallback: "here" },
      { flag: "--force", doc: "" },
    ],
    takesSettings: false,
    // The compiler refuses this where a row's type is not the value's.
    run: (_, { options: { keepEnv = [], name = "", at, force = false } }) =>
      Promise.resolve(read.push({ keepEnv, name, at, force })),
  });
  const host = fakeHost();
  const session = await openSession(host, { envFiles: [], flags: {} });
  await command.run(session, { options: { keepEnv: ["A"], at: "there", force: true }, operands: [], host });
  assert.deepEqual(read, [{ keepEnv: ["A"], name: "", at: "there", force: true }]);
});
