import { test } from "node:test";
import { skipUnless } from "../support/skip.ts";
import assert from "node:assert/strict";
import { OTHERS, outcomeOf, wordsOf as otherWordsOf } from "./shells/others.ts";
import { isReady, parsedBy, PARSERS } from "./shells/parsers.ts";
import { childrenOf, massOf, VARIANTS, wordsOf } from "./shells/posix.ts";
import { PROMPTS, typedInto } from "./shells/prompts.ts";
import { checked, SEED, VALUES } from "./shells/report.ts";
import { install, missing, nushell, trapFolder, which } from "./shells/run.ts";

/** For a child of the shell, which takes longer, fewer values. */
const CHILDREN = Math.ceil(VALUES / 10);

const found = {
  shells: [...VARIANTS, ...OTHERS].filter(({ program }) => program !== "nu"),
  nu: nushell(),
};
const wanted = [
  ...found.shells.filter(({ program }) => which(program) === undefined),
  ...(await Promise.all(PARSERS.map(async (parser) => await isReady(parser) ? [] : [parser]))).flat(),
];
// Docker is used where it is, and not installed: its package starts a service.
install(wanted.filter(({ program }) => program !== "docker").map(({ packages }) => packages));
console.log(`shells: ${VALUES} values for each shell and mode, SHELLS_SEED=${SEED}`);

for (const variant of VARIANTS) {
  test(`sh comes back byte for byte in ${variant.name}`, { skip: missing(variant) }, async () => {
    await using folder = trapFolder();
    const plan = { variant, shell: which(variant.program) ?? "", folder: folder.path };
    await checked(variant.name, [
      () => massOf(plan, "unquoted"),
      () => massOf(plan, "quoted"),
      () => childrenOf(plan, CHILDREN),
    ]);
    assert.deepEqual(await wordsOf(plan), []);
  });
}

for (const other of OTHERS) {
  const shell = other.program === "nu" ? found.nu : which(other.program);
  const skip = shell === undefined ? `npm install nushell, or apt-get install ${other.packages}` : false;
  test(`${other.format} comes back byte for byte in ${other.name}`, { skip }, async () => {
    await using folder = trapFolder();
    const plan = { other, shell: shell ?? "", folder: folder.path };
    await checked(other.name, [
      () => outcomeOf(plan, { child: false, count: VALUES }),
      () => outcomeOf(plan, { child: true, count: CHILDREN }),
    ]);
    assert.deepEqual(await otherWordsOf(plan), []);
  });
}

for (const prompt of PROMPTS) {
  const skip = missing(prompt) || missing({ program: "script", packages: "bsdutils" });
  test(`${prompt.format} comes back byte for byte at the prompt of ${prompt.name}`, { skip }, async () => {
    await using folder = trapFolder();
    await checked(`${prompt.name} prompt`, [() => typedInto({ prompt, folder: folder.path }, Math.min(CHILDREN, 150))]);
  });
}

for (const parser of PARSERS) {
  const skip = skipUnless(await isReady(parser), `${parser.name} is not there: apt-get install ${parser.packages}`);
  test(`${parser.format} comes back byte for byte through ${parser.name}`, { skip }, async () => {
    await using folder = trapFolder();
    await checked(parser.name, [() => parsedBy(parser, folder.path)]);
  });
}

const NO_PWSH =
  "neither Debian nor npm has PowerShell; tests/unit/shell/formats/pwsh.test.ts reads the text with a model of it";
test("pwsh comes back byte for byte in PowerShell", { skip: skipUnless(false, NO_PWSH) }, () => {});
