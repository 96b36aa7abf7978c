import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { IDENTITIES } from "../../src/azure/identities/identities.ts";
import { COMMANDS } from "../../src/cli/commands/commands.ts";
import { ERRORS } from "../../src/core/errors.ts";
import { SETTINGS } from "../../src/core/settings.ts";
import { CHECKS } from "../../src/doctor/checks/checks.ts";
import { FORMATS } from "../../src/shell/formats/formats.ts";

const ROOT = new URL("../../", import.meta.url);

function read(path: string): string {
  assert.ok(existsSync(new URL(path, ROOT)), `${path} is not there: write it`);
  return readFileSync(new URL(path, ROOT), "utf8");
}

/** Every page that a user reads. */
function pages(): string {
  const docs = readdirSync(new URL("docs/", ROOT)).filter((name) => name.endsWith(".md"));
  return ["README.md", ...docs.map((name) => `docs/${name}`)].map(read).join("\n");
}

/** First cells of the rows of every table, where they are code. */
const rowsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^\| `([^`|]+)` +\|/gm)].map(([, name = ""]) => name);

/** Sections of a page: heading and the text below it. */
function sectionsOf(text: string, level: number): ReadonlyMap<string, string> {
  const parts = text.split(new RegExp(`^#{${level}} `, "m")).slice(1);
  return new Map(parts.map((part) => {
    const [heading = "", ...lines] = part.split("\n");
    return [heading.trim().replaceAll("`", ""), lines.join("\n").split(/^#{1,2} /m)[0]?.trim() ?? ""];
  }));
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
  const rows = read("docs/settings.md").split("\n").filter((line) => line.startsWith("| `"))
    // The formatter widens the columns.
    .map((line) => line.replaceAll(/ +/g, " "));
  const expected = SETTINGS.map((row) => {
    const names = row.names.map((name) => `\`${name}\``).join(", else ");
    const flag = row.flag === undefined ? "" : `\`${row.flag}\``;
    const otherwise = row.fallback === undefined ? row.unset ?? "" : `\`${row.fallback}\``;
    return `| ${names} | ${flag} | ${row.doc} | ${otherwise} |`.replaceAll(/ +/g, " ");
  });
  assert.deepEqual(rows, expected, "bring the table of docs/settings.md in line with src/core/settings.ts");
});

test("docs/formats.md has a row for every format, in the same order, and no other", () => {
  const names = FORMATS.map(({ name }) => name);
  assert.deepEqual(
    rowsOf(read("docs/formats.md")),
    names,
    "bring docs/formats.md in line with src/shell/formats/formats.ts",
  );
});

test("README.md has a row for every identity, in the order in which they are looked for", () => {
  const rows = rowsOf(read("README.md"));
  const names = IDENTITIES.map(({ name }) => name as string);
  const missing = names.filter((name) => !rows.includes(name));
  assert.deepEqual(missing, [], `add a row "| \`${missing[0]}\` | …" to README.md, Who am I to Azure`);
  assert.deepEqual(rows.filter((name) => names.includes(name)), names);
});

test("README.md has a row or a line for every command", () => {
  const text = read("README.md");
  const missing = COMMANDS.map(({ name }) => name).filter((name) => !text.includes(`mlflow-auth ${name}`));
  assert.deepEqual(missing, [], `show mlflow-auth ${missing[0]} in README.md`);
});

test("every check of doctor has a row in the docs", () => {
  const rows = rowsOf(pages());
  const missing = CHECKS.map(({ name }) => name).filter((name) => !rows.includes(name));
  assert.deepEqual(missing, [], `add a row "| \`${missing[0]}\` | …" to docs/doctor-json.md`);
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
