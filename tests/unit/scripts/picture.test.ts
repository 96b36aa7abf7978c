import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { PICTURE, pictureOf, type Span, spansOf } from "../../../scripts/picture.ts";
import type { Finding } from "../../../src/doctor/finding.ts";
import { reportText } from "../../../src/doctor/report.ts";
import { parseTranscript } from "../../support/transcript.ts";

const ROOT = new URL("../../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), "utf8");
const transcript = parseTranscript(read(PICTURE.from), PICTURE.from);

test("the picture of README.md is what its transcript gives", () => {
  assert.equal(read(PICTURE.to), pictureOf(transcript), `${PICTURE.to} is old: run deno task picture`);
  assert.ok(read("README.md").includes(`](${PICTURE.to})`), `README.md does not show ${PICTURE.to}`);
});

const linesOf = (picture: string): readonly string[] => picture.match(/^<text y=.*$/gm) ?? [];
const textOf = (xml: string): string =>
  xml.replaceAll(/<[^>]*>/g, "").replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&gt;", ">");

test("pictureOf() loads nothing, keeps every line whole as text, and fits a terminal of 105 columns", () => {
  const picture = pictureOf(transcript);
  assert.deepEqual(picture.match(/https?:[^"]*|url\(|<(?:image|script|use)\b/g), ["http://www.w3.org/2000/svg"]);
  const shown = linesOf(picture).map(textOf);
  assert.deepEqual(shown.filter((line) => line.length > 105), []);
  const steps = transcript.steps.flatMap(({ command, expected }) => [`$ ${command}`, ...expected]);
  assert.deepEqual(
    // What was broken goes on below the words of a finding.
    shown.join("\n").replaceAll(/\n {12,}/g, " ").split("\n"),
    steps.filter((line) => line !== "" && !/^\[\d+\]$/.test(line)),
  );
  assert.match(steps.join("\n"), /^ +try: {2}az role assignment create [^…]* --scope "\$\([^…]*\)"$/m);
});

test("pictureOf() places every piece that stands in a column, so that a font of another width moves none", () => {
  const lines = linesOf(pictureOf(transcript));
  const placed = lines.map((line) => {
    let column = 0;
    return [...line.matchAll(/<tspan x="([\d.]+)"[^>]*>([^<]*)<\/tspan>/g)].map(([, x, text = ""]) => {
      const at = column;
      column += textOf(text).length;
      assert.equal(x, String(Number((18 + at * 8.1).toFixed(1))));
      return at;
    });
  });
  assert.ok(placed.some((columns) => columns.join(" ") === "0 4 6 17"), "a finding has three columns");
  assert.ok(lines.every((line) => !/> *[^<\s][^<]* {2,}[^<\s]/.test(line)), "no blanks within a piece make a column");
});

test("pictureOf() follows the reader's scheme", () => {
  const [, dark = ""] = /@media \(prefers-color-scheme:dark\)\{(.*)\}$/m.exec(pictureOf(transcript)) ?? [];
  const names = (style: string): readonly string[] => [...style.matchAll(/\.(\w+)\{/g)].map(([, name = ""]) => name);
  const light = pictureOf(transcript).split("\n").find((line) => line.startsWith(".back")) ?? "";
  assert.deepEqual(names(dark), names(light));
  assert.notEqual(names(dark).length, 0);
});

test("pictureOf() escapes what XML would read", () => {
  const picture = pictureOf(parseTranscript('$ echo "a<b>&c"\na<b>&c\n', "a.txt"));
  assert.match(picture, /<tspan x="18" class="plain">a&lt;b&gt;&amp;c<\/tspan>/);
});

test("spansOf() colours a line as doctor does", () => {
  const base = { check: "vault", message: "it is so", durationMs: 1 } as const;
  const findings: readonly Finding[] = [
    { ...base, status: "ok" },
    { ...base, status: "warn", code: "setting-misspelled", remedy: "do this" },
    { ...base, status: "fail", code: "vault-forbidden", remedy: "do that" },
    { ...base, status: "skip" },
  ];
  const looks: Readonly<Record<string, Span[0]>> = { 2: "dim", 31: "fail", 32: "ok", 33: "warn" };
  const coloured = reportText(findings, { colours: true }).split("\n").map((line): readonly Span[] =>
    // deno-lint-ignore no-control-regex
    line.split(/(\x1b\[\d+m.*?\x1b\[0m)/).filter((part) => part !== "").map((part): Span => {
      // deno-lint-ignore no-control-regex
      const [, code, text] = /^\x1b\[(\d+)m(.*)\x1b\[0m$/.exec(part) ?? [];
      return code === undefined ? ["plain", part] : [looks[code] ?? "plain", text ?? ""];
    })
  );
  assert.deepEqual(reportText(findings, { colours: false }).split("\n").map(spansOf), coloured);
});
