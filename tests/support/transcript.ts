/**
 * Transcripts: what a user types and sees, as text that runs.
 *
 * ```text
 * # One sentence on what this shows.
 * with azure
 *
 * $ mlflow-auth exec -- true
 * ! mlflow-auth: Cannot …       what goes to stderr is marked with !
 * [125]                         a status other than 0
 * ```
 *
 * A command may go on in lines that begin with `> `. In what is expected, `…` stands for any text within a line and `...` alone on a
 * line for any number of lines; `with more-lines` allows others above each, for lists that grow with the program. In Markdown the
 * blocks marked `console` are transcripts too: without the marks of stderr, and a command with no output below it may print anything.
 *
 * @module
 */

/** A command and what it is expected to give. */
export interface Step {
  readonly command: string;
  /** Line of the command in its file, from 1. */
  readonly line: number;
  /** Lines below the command, as they stand there; without the blank ones at the end. */
  readonly expected: readonly string[];
}

/** One file, or one block of Markdown. */
export interface Transcript {
  /** Path of the file. */
  readonly path: string;
  /** Words of its `with` lines, or of its block: `azure`, `reveals`, `more-lines`. */
  readonly scene: readonly string[];
  /** Whether it is a block of Markdown. */
  readonly isMarkdown: boolean;
  readonly steps: readonly Step[];
}

/** What a command gave. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

interface Lines {
  readonly path: string;
  readonly lines: readonly string[];
  /** Number of the first line, from 1. */
  readonly first: number;
}

function readSteps(
  { path, lines, first }: Lines,
): { readonly head: readonly string[]; readonly steps: readonly Step[] } {
  const head: string[] = [];
  const steps: { command: string; line: number; expected: string[] }[] = [];
  for (const [index, line] of lines.entries()) {
    const step = steps.at(-1);
    if (line.startsWith("$ ")) steps.push({ command: line.slice(2), line: first + index, expected: [] });
    else if (step === undefined) head.push(line);
    else if (line.startsWith("> ") && step.expected.length === 0) step.command += `\n${line.slice(2)}`;
    else step.expected.push(line);
  }
  if (steps.length === 0) throw new Error(`${path}:${first} has no line that begins with "$ "`);
  for (const { expected } of steps) while (expected.at(-1)?.trim() === "") expected.pop();
  return { head, steps };
}

const words = (text: string): readonly string[] => text.split(/[\s,]+/).filter((word) => word !== "");

/**
 * Reads a transcript of its own file.
 *
 * @param text the file's text
 * @param path its path
 * @returns the transcript
 */
export function parseTranscript(text: string, path: string): Transcript {
  const { head, steps } = readSteps({ path, lines: text.replace(/\n$/, "").split("\n"), first: 1 });
  const strange = head.find((line) => !/^(?:#.*|with .*|\s*)$/.test(line));
  if (strange !== undefined) {
    throw new Error(`${path} has a line that says nothing above its first command: ${strange}`);
  }
  const scene = head.flatMap((line) => line.startsWith("with ") ? words(line.slice(5)) : []);
  return { path, scene, isMarkdown: false, steps };
}

/**
 * Finds the transcripts of a Markdown file: its blocks marked `console`. A first block that names no scene and those after it are
 * one transcript, as a reader goes through them; a block that names one stands alone.
 *
 * @param text the file's text
 * @param path its path
 * @returns the transcripts, in order
 */
export function parseMarkdown(text: string, path: string): readonly Transcript[] {
  const found: { scene: readonly string[]; steps: Step[] }[] = [];
  const plain: { scene: readonly string[]; steps: Step[] } = { scene: [], steps: [] };
  const fences = /^( *)(`{3,})console\b(.*)\n([\s\S]*?)^\1\2$/gm;
  for (const match of text.matchAll(fences)) {
    const [, indent = "", , scene = "", body = ""] = match;
    const lines = body.replace(/\n$/, "").split("\n").map((line) => line.slice(indent.length));
    const first = text.slice(0, match.index).split("\n").length + 1;
    const { steps } = readSteps({ path, lines, first });
    if (scene.trim() === "") {
      if (plain.steps.length === 0) found.push(plain);
      plain.steps.push(...steps);
    } else found.push({ scene: words(scene), steps: [...steps] });
  }
  return found.map((one) => ({ path, isMarkdown: true, ...one }));
}

/** Lines of a text; one that does not end in a newline says so. */
function linesOf(text: string): readonly string[] {
  if (text === "") return [];
  return text.endsWith("\n") ? text.slice(0, -1).split("\n") : [...text.split("\n"), "\\ no newline"];
}

/**
 * Writes down what a command gave, as a transcript shows it.
 *
 * @param output what it gave
 * @param isMarkdown whether stderr has no mark
 * @returns its lines: stdout, stderr, and the status where it is not 0
 */
export function renderOutput({ stdout, stderr, status }: Output, isMarkdown: boolean): readonly string[] {
  const plain = linesOf(stdout).map((line) =>
    !isMarkdown && /^(?:[$>!] |\[\d+\]$|\.\.\.$)/.test(line) ? `\\${line}` : line
  );
  const marked = linesOf(stderr).map((line) => isMarkdown ? line : `! ${line}`.trimEnd());
  const lines = [...plain, ...marked];
  while (lines.at(-1)?.trim() === "") lines.pop();
  return status === 0 ? lines : [...lines, `[${status}]`];
}

/** Whether a line fits an expected one, in which `…` stands for any text. */
function lineFits(line: string, expected: string): boolean {
  if (!expected.includes("…")) return line.trimEnd() === expected.trimEnd();
  const parts = expected.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}\\s*$`).test(line);
}

/**
 * Whether lines are what was expected; `...` alone stands for any number of them.
 *
 * @param lines what there is
 * @param expected what a transcript holds
 */
export function linesFit(lines: readonly string[], expected: readonly string[]): boolean {
  const [first, ...rest] = expected;
  if (first === undefined) return lines.length === 0;
  if (first.trim() === "...") return lines.some((_, at) => linesFit(lines.slice(at), rest)) || linesFit([], rest);
  const [line, ...others] = lines;
  return line !== undefined && lineFits(line, first) && linesFit(others, rest);
}

/**
 * Whether a step gave what its transcript says.
 *
 * @param step the step
 * @param output what it gave
 * @param of the transcript it belongs to
 */
export function stepFits(step: Step, output: Output, of: Pick<Transcript, "isMarkdown" | "scene">): boolean {
  const lines = renderOutput(output, of.isMarkdown);
  const expected = of.scene.includes("more-lines") ? step.expected.flatMap((line) => ["...", line]) : step.expected;
  if (!of.isMarkdown) return linesFit(lines, expected);
  const isStatus = (line: string | undefined): boolean => /^\[\d+\]$/.test(line ?? "");
  const silent = step.expected.length === 0 || (step.expected.length === 1 && isStatus(step.expected[0]));
  if (!silent) return linesFit(lines, step.expected);
  return output.status === Number(step.expected[0]?.slice(1, -1) ?? 0);
}

/** A line of what was expected and of what was given: in both, or in one of them. */
type Compared = readonly [mark: " " | "-" | "+", line: string];

/**
 * Compares what was expected with what was given, line by line.
 *
 * @param expected lines of a transcript, in which `…` stands for any text
 * @param given lines that a command gave
 * @returns the lines in order: ` ` in both, as they were expected; `-` expected alone; `+` given alone
 *
 * @example
 * ```ts
 * import { compareLines } from "./transcript.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(compareLines(["a …", "b"], ["a 1", "c"]), [[" ", "a …"], ["-", "b"], ["+", "c"]]);
 * ```
 */
export function compareLines(expected: readonly string[], given: readonly string[]): readonly Compared[] {
  // The longest lines that both have in common, from the end (dynamic programming).
  const common = Array.from({ length: expected.length + 1 }, () => new Array<number>(given.length + 1).fill(0));
  const at = (row: number, column: number): number => common[row]?.[column] ?? 0;
  for (let row = expected.length - 1; row >= 0; row--) {
    for (let column = given.length - 1; column >= 0; column--) {
      const fits = lineFits(given[column] ?? "", expected[row] ?? "");
      common[row]![column] = fits ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const compared: Compared[] = [];
  let [row, column] = [0, 0];
  while (row < expected.length || column < given.length) {
    const [one, other] = [expected[row], given[column]];
    if (one !== undefined && other !== undefined && lineFits(other, one)) {
      compared.push([" ", one]);
      row++;
      column++;
    } else if (one !== undefined && (other === undefined || at(row + 1, column) >= at(row, column + 1))) {
      compared.push(["-", one]);
      row++;
    } else {
      compared.push(["+", other ?? ""]);
      column++;
    }
  }
  return compared;
}

/**
 * Lines to put in place of what a transcript expects: those that fit stay as they are written, so that `…` stays.
 *
 * @param expected lines of the transcript
 * @param given what the command gave, twice
 * @returns the lines, or why they cannot be written down
 */
export function updatedLines(
  expected: readonly string[],
  given: readonly [first: readonly string[], second: readonly string[]],
): { readonly lines: readonly string[] } | { readonly refused: string } {
  const [first, second] = given;
  if (first.join("\n") !== second.join("\n")) return { refused: "it gives something else each time: write … for that" };
  if (expected.some((line) => line.trim() === "...")) {
    return { refused: "it holds a line of ...: write its lines by hand" };
  }
  return { lines: compareLines(expected, first).flatMap(([mark, line]) => mark === "-" ? [] : [line]) };
}

/**
 * The text of a file with what its steps gave now in place of what it held.
 *
 * @param text the file's text
 * @param given for each step whose output changed, its lines
 * @returns the new text
 */
export function updateText(text: string, given: ReadonlyMap<Step, readonly string[]>): string {
  const lines = text.split("\n");
  // From the end, so that the line numbers of earlier steps stay true.
  for (const [step, output] of [...given].sort(([a], [b]) => b.line - a.line)) {
    const indent = /^ */.exec(lines[step.line - 1] ?? "")?.[0] ?? "";
    const start = step.line - 1 + step.command.split("\n").length;
    lines.splice(start, step.expected.length, ...output.map((line) => `${indent}${line}`.trimEnd()));
  }
  return lines.join("\n");
}
