/**
 * Makes the picture of README.md from a transcript that is run: `deno task picture`. It is text, in whichever monospace font is there,
 * and follows the reader's light or dark scheme.
 *
 * @module
 */
import { join } from "node:path";
import { wrapText } from "../src/core/wrap.ts";
import { parseTranscript, type Transcript } from "../tests/support/transcript.ts";
import { ROOT } from "./build/build.ts";

/** What the picture is made of, and where it is; paths from the root. */
export const PICTURE = { from: "tests/docs/transcripts/picture.txt", to: "docs/pictures/doctor.svg" } as const;

/** How a piece of text looks: a class of the picture's style. */
export type Look = "plain" | "prompt" | "command" | "ok" | "warn" | "fail" | "dim";

/** A piece of a line. */
export type Span = readonly [look: Look, text: string];

/** Width of the terminal, where a line is broken as `doctor` breaks it. */
const COLUMNS = 105;
const FONT_PX = 13;
/** A little more than the widest of the fonts, so that no line is cut. */
const COLUMN_PX = 8.1;
const LINE_PX = 19;
const PAD_PX = 18;
const BAR_PX = 32;

type Colours = Readonly<Record<"back" | "bar" | "edge" | "title" | Look, string>>;

const LIGHT: Colours = {
  back: "#ffffff",
  bar: "#f6f8fa",
  edge: "#d0d7de",
  title: "#59636e",
  plain: "#1f2328",
  prompt: "#0969da",
  command: "#1f2328",
  ok: "#116329",
  warn: "#7d4e00",
  fail: "#cf222e",
  dim: "#6a737d",
};

const DARK: Colours = {
  back: "#0d1117",
  bar: "#161b22",
  edge: "#30363d",
  title: "#9198a1",
  plain: "#e6edf3",
  prompt: "#58a6ff",
  command: "#f0f6fc",
  ok: "#3fb950",
  warn: "#d29922",
  fail: "#ff7b72",
  dim: "#8b949e",
};

/** The style sheet of a scheme. */
function styleOf(colours: Colours): string {
  const { back, bar, edge, ...texts } = colours;
  const fills = Object.entries(texts).map(([look, colour]) => `.${look}{fill:${colour}}`);
  return `.back{fill:${back};stroke:${edge}}.bar{fill:${bar}}.edge{stroke:${edge}}.dot{fill:${edge}}${fills.join("")}`;
}

/**
 * Splits a line that `doctor` prints into pieces, as it colours them on a terminal.
 *
 * @param line the line
 * @returns its pieces; together they are the line
 *
 * @example
 * ```ts
 * import { spansOf } from "./picture.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(spansOf("ok    clock      agrees"), [["ok", "ok  "], ["plain", "  clock      agrees"]]);
 * ```
 */
export function spansOf(line: string): readonly Span[] {
  const [, status, finding = ""] = /^(ok {2}|warn|fail|skip)( {2}.*)$/.exec(line) ?? [];
  if (status !== undefined) {
    const look = status === "skip" ? "dim" : status.trim() as "ok" | "warn" | "fail";
    return [[look, status], ["plain", finding]];
  }
  const [, indent = "", word, rest = ""] = /^( {6})(try:|more:)(.*)$/.exec(line) ?? [];
  if (word !== undefined) return [["plain", indent], [word === "try:" ? "ok" : "dim", word], ["plain", rest]];
  return line === "" ? [] : [[line === "..." ? "dim" : "plain", line]];
}

/** A line as it stands on the terminal: what follows goes below the words of a finding, or of what is to be done. */
function broken(line: string): readonly string[] {
  const indent = /^(?: {6}\S+ +|\S+ +\S+ +)/.exec(line)?.[0].length ?? 0;
  return wrapText(line, { columns: COLUMNS, indent }).split("\n");
}

/** Every line of a terminal that ran a transcript: without the marks of what is no output. */
function screenOf({ steps }: Transcript): readonly (readonly Span[])[] {
  return steps.flatMap(({ command, expected }, index) => {
    const output = expected.filter((line) => !/^\[\d+\]$/.test(line))
      .flatMap((line) => broken(line.replace(/^! /, "")));
    const typed: readonly Span[] = [["prompt", "$ "], ["command", command]];
    return [...(index === 0 ? [] : [[]]), typed, ...output.map(spansOf)];
  });
}

/** The pieces of a line that stand in columns, each with the column that it begins in: a font may be of another width. */
function placed(line: readonly Span[]): readonly (readonly [column: number, look: Look, text: string])[] {
  let column = 0;
  return line.flatMap(([look, text]) =>
    (text.match(/^ +|\S(?: ?\S)* */g) ?? []).map((piece) => {
      const at = column;
      column += piece.length;
      return [at, look, piece] as const;
    })
  );
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/**
 * Draws a terminal with a transcript in it.
 *
 * @param transcript what ran; `…` and `...` stay what they are, and statuses are left out
 * @returns the text of an SVG file, the same for the same transcript
 *
 * @example
 * ```ts
 * import { pictureOf } from "./picture.ts";
 * import { parseTranscript } from "../tests/support/transcript.ts";
 * import assert from "node:assert/strict";
 *
 * const picture = pictureOf(parseTranscript("$ mlflow-auth doctor\n1 ok\n", "a.txt"));
 * assert.match(picture, /<tspan x="18" class="plain">1 ok<\/tspan>/);
 * ```
 */
export function pictureOf(transcript: Transcript): string {
  const lines = screenOf(transcript);
  const columns = Math.max(...lines.map((line) => line.map(([, text]) => text).join("").length));
  const width = Math.ceil(columns * COLUMN_PX + 2 * PAD_PX);
  const height = BAR_PX + lines.length * LINE_PX + 2 * PAD_PX - (LINE_PX - FONT_PX);
  const title = escaped(transcript.steps[0]?.command ?? "");
  const texts = lines.flatMap((line, index) => {
    const spans = placed(line).map(([column, look, text]) =>
      `<tspan x="${Number((PAD_PX + column * COLUMN_PX).toFixed(1))}" class="${look}">${escaped(text)}</tspan>`
    ).join("");
    const y = BAR_PX + PAD_PX + FONT_PX - 2 + index * LINE_PX;
    return spans === "" ? [] : [`<text y="${y}" xml:space="preserve">${spans}</text>`];
  });
  const outline = `x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title>A terminal: ${title}</title>`,
    "<style>",
    `text{font:${FONT_PX}px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre}`,
    ".command{font-weight:bold}.title{text-anchor:middle}",
    styleOf(LIGHT),
    `@media (prefers-color-scheme:dark){${styleOf(DARK)}}`,
    "</style>",
    `<rect class="back" ${outline}/>`,
    `<path class="bar" d="M1 ${BAR_PX}V8.5a7.5 7.5 0 0 1 7.5-7.5H${width - 8.5}a7.5 7.5 0 0 1 7.5 7.5V${BAR_PX}z"/>`,
    `<path class="edge" d="M1 ${BAR_PX}.5H${width - 1}"/>`,
    ...[18, 36, 54].map((x) => `<circle class="dot" cx="${x}" cy="16.5" r="5"/>`),
    `<text class="title" x="${width / 2}" y="21">${title}</text>`,
    ...texts,
    "</svg>",
    "",
  ].join("\n");
}

if (import.meta.main) {
  const transcript = parseTranscript(await Deno.readTextFile(join(ROOT, PICTURE.from)), PICTURE.from);
  await Deno.mkdir(join(ROOT, "docs", "pictures"), { recursive: true });
  await Deno.writeTextFile(join(ROOT, PICTURE.to), pictureOf(transcript));
  console.log(`${PICTURE.to} shows ${PICTURE.from}`);
}
