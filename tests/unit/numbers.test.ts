import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { SETTINGS } from "../../src/core/settings/settings.ts";

const ROOT = new URL("../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), "utf8");
const PAGES = ["", "docs/", "docs/deployment/"].flatMap((folder) =>
  readdirSync(new URL(folder, ROOT)).filter((name) => name.endsWith(".md")).map((name) => `${folder}${name}`)
);

/** The number of a constant, from the text of its file: a product of numbers. */
function constant(path: string, name: string): number {
  const found = new RegExp(String.raw`^(?:export )?const ${name} = ([\d_.]+(?: \* [\d_.]+)*);$`, "m").exec(read(path));
  assert.ok(found?.[1] !== undefined, `${path} has no number ${name}`);
  return found[1].split(" * ").reduce((product, factor) => product * Number(factor.replaceAll("_", "")), 1);
}

const fallback = (key: string): number => Number(SETTINGS.find((row) => row.key === key)?.fallback);

const KIB = 1024;

/** Where a page states a number of the source: what stands there, with one group, and what it has to be. */
const STATED: readonly (readonly [page: string, says: RegExp, is: number])[] = [
  ["CONTRIBUTING.md", /at most (\d+) lines/, constant("tests/unit/repository.test.ts", "MAX_LINES")],
  ["CONTRIBUTING.md", /a folder at most (\d+) of them/, constant("tests/unit/repository.test.ts", "MAX_FILES")],
  [
    "ARCHITECTURE.md",
    /by more than (\d+) %/,
    Math.round(constant("tests/real/instructions.test.ts", "GROWTH") * 100 - 100),
  ],
  ["CHANGELOG.md", /ends within (\d+) s/, fallback("deadlineSec")],
  ["docs/errors.md", /before the command starts has (\d+) s/, fallback("deadlineSec")],
  [
    "docs/errors.md",
    /, (\d+) is the most the system takes/,
    constant("src/host/exec/exec_failure.ts", "LONGEST_STRING"),
  ],
  ["docs/exec.md", /holds at most (\d+) bytes/, constant("src/host/exec/exec_failure.ts", "LONGEST_STRING")],
  ["docs/cache.md", /After (\d+) s, or/, constant("src/credential/cache/through_cache.ts", "WAIT_MS") / 1000],
  ["docs/entra.md", /less than (\d+) minutes are left/, constant("src/cli/credential.ts", "SOON_MS") / 60_000],
  ["docs/proxy.md", /up to (\d+) MiB of body/, constant("src/proxy/upstream/tape.ts", "MAX_REPLAY_BYTES") / KIB ** 2],
  ["docs/proxy.md", /at most (\d+) times a minute/, constant("src/proxy/credential/holder.ts", "BUDGET")],
  ["docs/proxy.md", /lets requests end for (\d+) s/, constant("src/cli/commands/proxy.ts", "DRAIN_MS") / 1000],
  [
    "docs/formats.md",
    /more than about (\d,\d+) characters/,
    Math.floor(constant("src/shell/formats/csh.ts", "WORD_LENGTH") / 1000) * 1000,
  ],
  ["docs/formats.md", /lines of (\d+) KiB/, Math.ceil(constant("src/shell/formats/docker.ts", "LINE_BYTES") / KIB)],
  ["docs/formats.md", /more than (\d+) MiB/, constant("src/shell/formats/kubernetes.ts", "SECRET_BYTES") / KIB ** 2],
  ["docs/formats.md", /more than (\d+) KiB/, constant("src/shell/formats/gitlab.ts", "REPORT_BYTES") / KIB],
];

for (const [page, says, is] of STATED) {
  test(`${page} states the number of the source: ${says.source}`, () => {
    const stated = [...read(page).matchAll(new RegExp(says, "g"))].map(([, number = ""]) =>
      Number(number.replace(",", ""))
    );
    assert.deepEqual(stated, [is]);
  });
}

test("README.md and the docs name the MLflow that the tests run", () => {
  const pinned = /^mlflow-skinny==(\d+\.\d+)\./m.exec(read("tests/real/requirements/mlflow.txt"))?.[1];
  const named = PAGES.flatMap((page) => [...read(page).matchAll(/\bMLflow (\d+\.\d+)\b/g)].map(([, name]) => name));
  assert.ok(named.length > 1);
  // Since when MLflow does a thing is said of older ones.
  assert.deepEqual(named.filter((name) => name !== pinned && name !== "3.5"), []);
});

/** Counts that do not change with the program: what is counted stands beside them, or another test counts it. */
const COUNTED: readonly string[] = [
  "ARCHITECTURE.md: no two files import", // of any
  "CONTRIBUTING.md: no two files import",
  "ARCHITECTURE.md: in eight files", // repository.test.ts counts them
  "docs/deployment/app-service.md: first two commands and", // of the block above
  "docs/deployment/docker.md: last four settings", // of the file above
  "docs/errors.md: **Why.** Two settings cannot", // contradict each other
  "docs/settings.md: ## Two variables of", // one setting
];

test("no page counts tests, formats, checks, codes, settings or other members of a family, which come and go", () => {
  const families =
    "tests?|formats?|checks?|codes?|errors?|settings?|options?|identities|commands?|blocks?|transcripts?|pages?|files?|suites?|shells?|variables?|events?";
  const words = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|sixteen|twenty|\\d[\\d,]*";
  const count = new RegExp(String.raw`(?:\S+ )?(?<![\w#.:/-])(?:${words}) (?:${families})(?![\w-])(?: \S+)?`, "gi");
  const stated = PAGES.flatMap((page) =>
    [...read(page).replaceAll(/^[ \t]*\`\`\`[\s\S]*?^[ \t]*\`\`\`/gm, "").matchAll(count)].map(([text]) =>
      `${page}: ${text}`
    )
  );
  assert.deepEqual(stated.toSorted(), COUNTED.toSorted());
});
