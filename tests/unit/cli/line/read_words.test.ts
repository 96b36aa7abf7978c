import assert from "node:assert/strict";
import { test } from "node:test";
import { COMMANDS } from "../../../../src/cli/commands/commands.ts";
import type { Command } from "../../../../src/cli/commands/command.ts";
import type { OptionRow } from "../../../../src/cli/line/options.ts";
import { optionsOf, readWords } from "../../../../src/cli/line/read_words.ts";
import { wholeProgram } from "../../../../src/cli/program.ts";
import { fakeHost } from "../../../support/host.ts";

/** What commander reads, or `undefined` where it refuses or answers by itself. */
async function byCommander(name: string, words: readonly string[]) {
  let read: unknown;
  const program = await wholeProgram({
    host: fakeHost(),
    run: (_, { near, operands }) => Promise.resolve(void (read = { options: { ...near }, operands: [...operands] })),
  });
  await program.parseAsync([name, ...words], { from: "user" }).catch(() => {});
  return read;
}

/** Ways to write an option down, right and wrong. */
const formsOf = ({ flag, value }: OptionRow): readonly (readonly string[])[] =>
  value === undefined ? [[flag], [flag, flag], [`${flag}=true`], [`${flag}=`], [`${flag}x`]] : [
    [flag, "a b"],
    [`${flag}=a=b`],
    [flag, "1", `${flag}=2`],
    [flag],
    [flag, ""],
    [`${flag}=`],
    [flag, "--"],
    [
      `${flag}=--`,
    ],
    [flag, "--force"],
    [flag, "-x"],
  ];

/** What stands behind the options. */
const endsOf = ({ operands = [] }: Command): readonly (readonly string[])[] => [
  [],
  ["--"],
  ["one"],
  ["--", "one"],
  ...operands.length === 0 ? [] : [["one", "two"], ["one", "--", "--json", "-x"], ["--", "one", "--", "two"]],
];

for (const { name, load } of COMMANDS) {
  test(`readWords() reads the options of ${name} as commander does, or leaves them to it`, async () => {
    const command = await load();
    const words = optionsOf(command).flatMap((row) => formsOf(row));
    const lines = [[], ["-"], ["-x"], ["-x", "one"], ["--no-such"], ["-h"], ["--help"], ["-V"], ["--version"], ...words]
      .flatMap((start) => endsOf(command).map((end) => [...start, ...end]));
    const own = lines.map((line) => readWords(line, command));
    for (const [at, line] of lines.entries()) {
      if (own[at] !== undefined) assert.deepEqual(own[at], await byCommander(name, line), line.join(" "));
    }
    // Each option is read here where it is given with its value.
    const [end = []] = endsOf(command).filter((one) => readWords(one, command) !== undefined);
    for (const { flag, value } of optionsOf(command)) {
      assert.notEqual(readWords([flag, ...value === undefined ? [] : ["1"], ...end], command), undefined, flag);
    }
  });
}

test("readWords() leaves options between a command's operands as commander does", async () => {
  const lines = [["one", "--json"], ["--json", "one"], ["one", "--log-level", "INFO"]];
  const load = COMMANDS.find(({ name }) => name === "cache")?.load;
  assert.ok(load !== undefined);
  for (const line of lines) assert.deepEqual(readWords(line, await load()), await byCommander("cache", line));
});
