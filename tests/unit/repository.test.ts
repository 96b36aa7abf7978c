import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const ROOT = new URL("../../", import.meta.url);
const MAX_LINES = 250;

/** What a unit test cannot run, by path, with the reason. */
const UNTESTED: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^src\/main\.ts$/, "the program itself, which looks at the world: tests/real runs it"],
  [/^src\/host\//, "the real world, which needs permissions: tests/real runs it in real processes"],
  [/^src\/azure\/sdk\//, "names of the Azure packages, which look at the world when they are imported"],
];
const isUntested = (path: string): boolean => UNTESTED.some(([pattern]) => pattern.test(path));

/** Whether a file has anything that runs, and not types alone. */
const runs = (path: string): boolean => /^export (?:async )?(?:function|const|class)\b/m.test(read(path));

const SKIPPED: ReadonlySet<string> = new Set([".git", "node_modules", "dist", "deno.lock", "coverage"]);

/** Paths of every file below a folder, from the root of the project, sorted. */
function filesBelow(folder: string): readonly string[] {
  if (!existsSync(new URL(folder, ROOT))) return [];
  return readdirSync(new URL(folder, ROOT), { withFileTypes: true })
    .filter(({ name }) => !SKIPPED.has(name))
    .flatMap((entry) => {
      if (entry.isDirectory()) return filesBelow(`${folder}${entry.name}/`);
      return entry.isFile() ? [`${folder}${entry.name}`.replace(/^\.\//, "")] : [];
    })
    .sort();
}

const read = (path: string): string => readFileSync(new URL(path, ROOT), "utf8");

/** Fails with what to do, a line each. */
function assertNothing(toDo: readonly string[]): void {
  if (toDo.length > 0) assert.fail(toDo.join("\n"));
}

const sources = filesBelow("src/").filter((path) => path.endsWith(".ts"));

/** The unit test of a source file: the same path below tests/unit. */
const testOf = (path: string): string => path.replace(/^src\//, "tests/unit/").replace(/\.ts$/, ".test.ts");

test(`every file of src has at most ${MAX_LINES} lines`, () => {
  const long = sources.map((path) => [path, read(path).split("\n").length - 1] as const)
    .filter(([, lines]) => lines > MAX_LINES)
    .map(([path, lines]) => `${path} has ${lines} lines: split it into two ideas`);
  assertNothing(long);
});

test("every file of src has its unit test at the same path", () => {
  const missing = sources
    .filter((path) => !isUntested(path) && runs(path) && !existsSync(new URL(testOf(path), ROOT)))
    .map((path) => `${path} has no unit test: write ${testOf(path)}`);
  assertNothing(missing);
});

test("every unit test of a folder of src has its file there", () => {
  const folders = new Set(sources.map((path) => path.split("/")[1]));
  const stray = filesBelow("tests/unit/")
    .filter((path) => path.endsWith(".test.ts") && folders.has(path.split("/")[2]))
    .filter((path) => !existsSync(new URL(path.replace(/^tests\/unit\//, "src/").replace(".test.ts", ".ts"), ROOT)))
    .map((path) => `${path} tests a file that is not there: rename or remove it`);
  assertNothing(stray);
});

test("files of src are named in snake_case and never utils, messages, types or index", () => {
  const misnamed = sources.filter((path) => {
    const name = path.split("/").at(-1) ?? "";
    return !/^[a-z0-9_]+\.ts$/.test(name) || /^(?:utils?|helpers?|messages|types|index|common)\.ts$/.test(name);
  });
  assert.deepEqual(misnamed, []);
});

test("mod.ts and every file of src that may not touch the world is imported without any permission but reading", async () => {
  const quiet = sources.filter((path) => !isUntested(path));
  for (const path of ["mod.ts", ...quiet]) await import(new URL(path, ROOT).href);
});

test("ARCHITECTURE.md leads from Key Vault to execvp in eight files, each reached from one above by a name that both hold", () => {
  const way = read("ARCHITECTURE.md").split("| the secret is ")[1]?.split("\n\n")[0] ?? "";
  const rows = [...way.matchAll(/^\| \[(src\/[\w/.]+)\]\(\1\) +\| +(?:`(\w+)`)? +\|/gm)].map((
    [, path = "", name = ""],
  ) => ({ path, name }));
  assert.equal(rows.length, 8);
  const holds = (path: string, name: string): boolean => new RegExp(`\\b${name}\\b`).test(read(path));
  const lost = rows.filter(({ path, name }, at) =>
    at > 0 && !(name !== "" && holds(path, name) && rows.slice(0, at).some((above) => holds(above.path, name)))
  );
  assert.deepEqual(lost, [], "draw the way of the secret in ARCHITECTURE.md anew");
  assert.match(read(rows.at(-1)?.path ?? ""), /\bexecvp\(/);
});

test("ARCHITECTURE.md says of every folder of src what it holds", () => {
  const folders = new Set(sources.map((path) => path.slice(0, path.lastIndexOf("/"))).filter((path) => path !== "src"));
  const table = read("ARCHITECTURE.md").split(/^\| folder +\|/m)[1]?.split("\n\n")[0] ?? "";
  const rows = new Set([...table.matchAll(/^\| `(src\/[\w/]+)` +\|/gm)].map(([, path = ""]) => path));
  const missing = [...folders].filter((path) => !rows.has(path));
  assertNothing(missing.map((path) => `paste into the table of folders in ARCHITECTURE.md: | \`${path}\` | … |`));
  assertNothing(
    [...rows].filter((path) => !folders.has(path)).map((path) => `ARCHITECTURE.md speaks of ${path}: it is not there`),
  );
});

const MAX_FILES = 20;

test(`every folder of src and scripts has at most ${MAX_FILES} files`, () => {
  const folders = Map.groupBy([...sources, ...filesBelow("scripts/")], (path) => path.slice(0, path.lastIndexOf("/")));
  const full = [...folders].filter(([, paths]) => paths.length > MAX_FILES)
    .map(([folder, paths]) => `${folder} has ${paths.length} files: give those of one idea a folder of their own`);
  assertNothing(full);
});

test("every package is pinned to one version", () => {
  const { imports } = JSON.parse(read("deno.json")) as { imports: Record<string, string> };
  const loose = Object.entries(imports).filter(([, target]) => !/^(?:npm|jsr):@?[^@]+@\d+\.\d+\.\d+$/.test(target));
  assert.deepEqual(loose, []);
});

// Each is written in two pieces, so that this file does not hold what it looks for.
const FORBIDDEN: readonly (readonly [pattern: RegExp, what: string])[] = [
  [new RegExp("/wor" + "k/"), "a path of one machine"],
  [new RegExp("/far" + "m/"), "a path of one machine"],
  [new RegExp("\\.libr" + "ary\\b"), "a path of one machine"],
  [new RegExp("registry\\.npm" + "js"), "the host of a package registry"],
  [new RegExp("(?:pypi|pythonhosted)\\.o" + "rg"), "the host of a package registry"],
  [new RegExp("dl\\.deno\\.la" + "nd"), "the host of a download server"],
  [new RegExp("\\bDESIGN\\.m" + "d"), "a document that is not in the project"],
  [new RegExp("\\bfacts/[a-z-]+\\.m" + "d"), "a document that is not in the project"],
  [new RegExp("\\bissue #?\\d" + "+", "i"), "the number of an issue"],
  [new RegExp("\\bthis sess" + "ion\\b", "i"), "how the project is written"],
  [new RegExp("\\bthe C" + "EO\\b"), "by whom the project is written"],
  [new RegExp("\\b(?:as|by) an A" + "I\\b", "i"), "by whom the project is written"],
];

/** The one file that may name the folder of tools beside a checkout. */
const CI = ".ci/run";

test("no file names a place or person that is none of the project's", () => {
  const found = filesBelow("./").flatMap((path) =>
    read(path).split("\n").flatMap((line, index) =>
      FORBIDDEN.filter(([pattern]) => pattern.test(line)).map(([, what]) =>
        `${path}:${index + 1} names ${what}: reword it`
      )
    )
  );
  assertNothing(found);
});

test(`no file but ${CI} names the folder beside the checkout`, () => {
  const folder = new RegExp("(?:\\.\\.|wor" + "k)/sha" + "red\\b");
  assert.deepEqual(filesBelow("./").filter((path) => path !== CI && folder.test(read(path))), []);
});

test("no file but the program's own and its unit tests, which reach no network, names the address of the instance metadata service", () => {
  const address = ["169", "254", "169", "254"].join(".");
  const named = filesBelow("./").filter((path) =>
    !/^(?:src|docs|tests\/unit)\//.test(path) && read(path).includes(address)
  );
  assert.deepEqual(named, []);
});

test("no text file has a carriage return, a tab that indents or a space at the end of a line", () => {
  const texts = filesBelow("./").filter((path) => /\.(?:ts|md|json|ya?ml)$/.test(path));
  const flawed = texts.flatMap((path) =>
    read(path).split("\n").flatMap((line, index) => /\r$|^\t|[ \t]$/.test(line) ? [`${path}:${index + 1}`] : [])
  );
  assert.deepEqual(flawed, []);
});
