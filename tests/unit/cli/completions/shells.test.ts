import assert from "node:assert/strict";
import { test } from "node:test";
import type { Outline } from "../../../../src/cli/completions/outline.ts";
import { outlineOf } from "../../../../src/cli/completions/outline.ts";
import { COMPLETION_SHELLS } from "../../../../src/cli/completions/shells.ts";
import { wholeProgram } from "../../../../src/cli/program.ts";
import { fakeHost } from "../../../support/host.ts";

const outline: Outline = outlineOf(await wholeProgram({ host: fakeHost() }));

/** How each shell writes an option down. */
const WRITTEN: Readonly<Record<string, (flag: string) => RegExp>> = {
  bash: (flag) => new RegExp(`[' ]${flag}[' ]`),
  zsh: (flag) => new RegExp(`['*)]${flag}[=\\[]`),
  fish: (flag) => new RegExp(flag.startsWith("--") ? ` -l ${flag.slice(2)} ` : ` -s ${flag.slice(1)} `),
  pwsh: (flag) => new RegExp(`'${flag}' = '`),
};

for (const { name, script } of COMPLETION_SHELLS) {
  test(`COMPLETION_SHELLS has every command, option and value in the script of ${name}`, () => {
    const text = script(outline);
    const options = [outline, ...outline.commands].flatMap((one) => one.options);
    const written = WRITTEN[name] ?? (() => /^(?!)/);
    const flags = options.flatMap((option) => option.flags).filter((flag) => !written(flag).test(text));
    const words = [...outline.commands, ...options].flatMap(({ values }) => values);
    const missing = [...outline.commands.map((one) => one.name), ...words].filter((word) =>
      !new RegExp(`(?<![\\w-])${word}(?![\\w-])`).test(text)
    );
    assert.deepEqual({ flags, missing }, { flags: [], missing: [] });
  });

  test(`COMPLETION_SHELLS keeps the script of ${name} from running the program, and from eval`, () => {
    const lines = script(outline).split("\n").filter((line) => !line.trimStart().startsWith("#"));
    assert.deepEqual(
      lines.filter((line) => /\beval\b|Invoke-Expression|\biex\b|[$<(`]\(?mlflow-auth\b/.test(line)),
      [],
    );
  });
}
