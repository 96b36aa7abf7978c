import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { IDENTITIES } from "../../src/azure/identities/identities.ts";
import { COMMANDS } from "../../src/cli/commands/commands.ts";
import { ERRORS } from "../../src/core/errors.ts";
import { SETTINGS } from "../../src/core/settings/settings.ts";
import { CHECKS } from "../../src/doctor/checks/checks.ts";
import { FORMATS } from "../../src/shell/formats/formats.ts";

const ROOT = new URL("../../", import.meta.url);

function read(path: string): string {
  assert.ok(existsSync(new URL(path, ROOT)), `${path} is not there: write it`);
  return readFileSync(new URL(path, ROOT), "utf8");
}

/** A row of a table in the docs. */
interface Row {
  /** What its first cell holds in backticks, first of all. */
  readonly name: string;
  readonly line: string;
}

/** Rows of every table of a page whose first cell is code; the formatter widens the columns, which does not count. */
const rowsOf = (text: string): readonly Row[] =>
  [...text.matchAll(/^\| `([^`|]+)`.*\|$/gm)].map(([line, name = ""]) => ({ name, line: line.replaceAll(/ +/g, " ") }));

/** How the rows of a page are compared with a table of the source. */
interface Comparison {
  readonly page: string;
  /** Rows that the page must have, in this order; `…` in a line stands for what a person has to say. */
  readonly wanted: readonly (Row & {
    /** The line to paste where it is known better than what any line must say. */
    readonly paste?: string;
  })[];
  /** The page's rows; by default all of them. */
  readonly rows?: readonly Row[];
}

/** Whether a row says what it must; a person's words may be any. */
const says = ({ line }: Row, wanted: Row): boolean =>
  new RegExp(`^${wanted.line.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".*")}$`).test(
    line,
  );

/** What to do first so that a page has the rows it must have, or `undefined`. */
function stepFor({ page, wanted, rows = rowsOf(read(page)) }: Comparison): string | undefined {
  const stray = rows.find(({ name }, at) =>
    !wanted.some((row) => row.name === name) || rows.findIndex((row) => row.name === name) !== at
  );
  for (const [index, row] of wanted.entries()) {
    const there = rows.find(({ name }) => name === row.name);
    const place = index === 0 ? "as the first row" : `below the row of \`${wanted[index - 1]?.name}\``;
    if (there === undefined) {
      return `${page} has no row for \`${row.name}\`: paste ${place}, then run deno fmt\n\n${row.paste ?? row.line}\n`;
    }
    if (!says(there, row)) {
      return `${page} says something else of \`${row.name}\`: in its place write\n\n${row.paste ?? row.line}\n`;
    }
    if (row.line.includes("…") && there.line.includes("…")) {
      return `${page}: say what stands for … in the row of \`${row.name}\``;
    }
    if (stray === undefined && rows[index] !== there) {
      return `${page} has other rows first: move \`${row.name}\` ${place}`;
    }
  }
  return stray === undefined ? undefined : `${page} has a row that the source does not have: remove\n\n${stray.line}\n`;
}

/** Sections of a page: heading and the text below it. */
function sectionsOf(text: string, level: number): ReadonlyMap<string, string> {
  const parts = text.split(new RegExp(`^#{${level}} `, "m")).slice(1);
  return new Map(parts.map((part) => {
    const [heading = "", ...lines] = part.split("\n");
    return [heading.trim().replaceAll("`", ""), lines.join("\n").split(/^#{1,2} /m)[0]?.trim() ?? ""];
  }));
}

/** Fails with what to do first so that a page has the rows it must have. */
function assertRows(comparison: Comparison): void {
  const step = stepFor(comparison);
  if (step !== undefined) assert.fail(step);
}

test("docs/errors.md has a section for every code, in the same order, and no other", () => {
  const sections = sectionsOf(read("docs/errors.md"), 3);
  const codes = ERRORS.map(({ code }) => code as string);
  const missing = codes.filter((code) => !sections.has(code));
  assert.deepEqual(missing, [], `add a heading "### ${missing[0]}" to docs/errors.md: what is seen, why, what to do`);
  const stray = [...sections.keys()].filter((heading) => !codes.includes(heading));
  assert.deepEqual(stray, [], `docs/errors.md explains a code that src/core/errors.ts does not have`);
  const empty = [...sections].filter(([, text]) => text.length < 80).map(([code]) => code);
  assert.deepEqual(empty, [], `docs/errors.md says too little of ${empty[0]}`);
});

test("docs/settings.md has a row for every setting, as the table of settings says it, in the same order, and no other", () => {
  const wanted = SETTINGS.map((row) => {
    const names = row.names.map((name) => `\`${name}\``).join(", else ");
    const flag = row.flag === undefined ? "" : `\`${row.flag}\``;
    const otherwise = row.fallback === undefined ? row.unset ?? "" : `\`${row.fallback}\``;
    return { name: row.names[0], line: `| ${names} | ${flag} | ${row.doc} | ${otherwise} |`.replaceAll(/ +/g, " ") };
  });
  assertRows({ page: "docs/settings.md", wanted });
});

test("docs/formats.md has a row for every format, in the same order, and no other", () => {
  const wanted = FORMATS.map(({ name, unset, usage }) => ({
    name,
    line: `| \`${name}\` | … | … | ${unset === undefined ? "no" : "…"} |`,
    paste: `| \`${name}\` | \`${usage.replaceAll("|", "\\|")}\` | … | ${unset === undefined ? "no" : "yes"} |`,
  }));
  assertRows({ page: "docs/formats.md", wanted });
});

test("README.md has a row for every identity, in the order in which they are looked for, and no other", () => {
  const wanted = IDENTITIES.map(({ name }) => ({ name, line: `| \`${name}\` | … |` }));
  const rows = rowsOf(read("README.md").split("## Who am I to Azure")[1]?.split("\n## ")[0] ?? "");
  assertRows({ page: "README.md", wanted, rows });
});

test("README.md has a row for every command, in the order of the help, and no other", () => {
  const wanted = COMMANDS.map(({ name }) => ({
    name: `mlflow-auth ${name}`,
    line: `| \`mlflow-auth ${name}…\` | … |`,
  }));
  const rows = rowsOf(read("README.md").split("## Commands")[1]?.split("\n## ")[0] ?? "")
    .map((row) => ({ ...row, name: row.name.split(" ").slice(0, 2).join(" ") }));
  assertRows({ page: "README.md", wanted, rows });
});

test("docs/doctor-json.md has a row for every check, as the table of checks says it, in the same order, and no other", () => {
  const wanted = CHECKS.map(({ name, doc }) => ({ name, line: `| \`${name}\` | ${doc} |` }));
  const table = read("docs/doctor-json.md").split(/^\| check +\|/m)[1]?.split("\n\n")[0] ?? "";
  assertRows({ page: "docs/doctor-json.md", wanted, rows: rowsOf(table) });
});

test("stepFor() says which line to paste, where, and which to move, write anew or remove", () => {
  const [one, two] = ["one", "two"].map((name) => ({ name, line: `| \`${name}\` | is … |` })) as [Row, Row];
  const [has, other] = [{ name: "one", line: "| `one` | is 1 |" }, { name: "two", line: "| `two` | is 2 |" }];
  const step = (...rows: readonly Row[]) => stepFor({ page: "a.md", wanted: [one, two], rows });
  assert.equal(step(has, other), undefined);
  assert.equal(
    step(other),
    "a.md has no row for `one`: paste as the first row, then run deno fmt\n\n| `one` | is … |\n",
  );
  assert.equal(
    step(has),
    "a.md has no row for `two`: paste below the row of `one`, then run deno fmt\n\n| `two` | is … |\n",
  );
  assert.equal(step(other, has), "a.md has other rows first: move `one` as the first row");
  assert.equal(step(has, { name: "two", line: "| `two` | is … |" }), "a.md: say what stands for … in the row of `two`");
  assert.match(step(has, { name: "two", line: "| `two` | was |" }) ?? "", /^a\.md says something else of `two`/);
  assert.match(step(has, { name: "six", line: "| `six` |" }, other) ?? "", /does not have: remove\n\n\| `six` \|/);
  assert.match(step(has, other, { ...has }) ?? "", /does not have: remove/);
});

test("every link inside the docs leads to a file and a heading that are there", () => {
  const docs = readdirSync(new URL("docs/", ROOT)).filter((name) => name.endsWith(".md")).map((name) => `docs/${name}`);
  const own = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", ...docs];
  const slug = (heading: string): string => heading.toLowerCase().replaceAll(/[^\w\- ]/g, "").replaceAll(" ", "-");
  const broken = own.flatMap((path) => {
    const text = read(path).replaceAll(/^```[\s\S]*?^```/gm, "");
    return [...text.matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].flatMap(
      ([, file = "", anchor]) => {
        const target = new URL(file === "" ? path : file, new URL(path, ROOT));
        const at = file === "" ? new URL(path, ROOT) : target;
        if (!existsSync(at)) return [`${path}: ${file} is not there`];
        if (anchor === undefined || !at.pathname.endsWith(".md")) return [];
        const headings = [...readFileSync(at, "utf8").matchAll(/^#{1,6} (.*)$/gm)].map(([, heading = ""]) =>
          slug(heading)
        );
        return headings.includes(anchor) ? [] : [`${path}: ${file}#${anchor} is not a heading`];
      },
    );
  });
  assert.deepEqual(broken, []);
});

test("CHANGELOG.md has a section for the version in deno.json", () => {
  const { version } = JSON.parse(read("deno.json")) as { readonly version: string };
  const headings = [...read("CHANGELOG.md").matchAll(/^## \[?([^\]\s]+)/gm)].map(([, heading = ""]) => heading);
  assert.ok(headings.includes(version) || headings.includes("Unreleased"), `add "## ${version}" to CHANGELOG.md`);
});
