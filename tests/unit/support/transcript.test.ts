import assert from "node:assert/strict";
import { test } from "node:test";
import {
  compareLines,
  linesFit,
  parseMarkdown,
  parseTranscript,
  renderOutput,
  stepFits,
  updatedLines,
  updateText,
} from "../../support/transcript.ts";
import { findSecret } from "../../support/canary.ts";

const TEXT = `# What it shows.
with azure, reveals

$ cd /tmp &&
> pwd
/tmp

$ false
! oh

[1]
`;

test("parseTranscript() reads scene, commands and what is expected", () => {
  assert.deepEqual(parseTranscript(TEXT, "a.txt"), {
    path: "a.txt",
    scene: ["azure", "reveals"],
    isMarkdown: false,
    steps: [
      { command: "cd /tmp &&\npwd", line: 4, expected: ["/tmp"] },
      { command: "false", line: 8, expected: ["! oh", "", "[1]"] },
    ],
  });
});

test("parseTranscript() refuses a file without a command and text above the first one", () => {
  assert.throws(() => parseTranscript("# nothing\n", "a.txt"), /a\.txt:1 has no line that begins with "\$ "/);
  assert.throws(() => parseTranscript("oops\n$ true\n", "a.txt"), /a\.txt has a line that says nothing/);
});

test("parseMarkdown() joins the plain console blocks and keeps one that names a scene alone", () => {
  const text = [
    "# Title",
    "```console",
    "$ a",
    "```",
    "```sh",
    "$ not run",
    "```",
    "- item",
    "  ```console forbidden",
    "  $ b",
    "  out",
    "  ```",
    "```console",
    "$ c",
    "```",
    "",
  ].join("\n");
  assert.deepEqual(parseMarkdown(text, "a.md"), [
    {
      path: "a.md",
      isMarkdown: true,
      scene: [],
      steps: [{ command: "a", line: 3, expected: [] }, { command: "c", line: 14, expected: [] }],
    },
    { path: "a.md", isMarkdown: true, scene: ["forbidden"], steps: [{ command: "b", line: 10, expected: ["out"] }] },
  ]);
});

test("renderOutput() marks stderr, the status and output that looks like a mark", () => {
  const output = { stdout: "$ a\nb", stderr: "c\n\nd\n", status: 2 };
  assert.deepEqual(renderOutput(output, false), ["\\$ a", "b", "\\ no newline", "! c", "!", "! d", "[2]"]);
  assert.deepEqual(renderOutput(output, true), ["$ a", "b", "\\ no newline", "c", "", "d", "[2]"]);
});

test("linesFit() takes … for any text and ... for any lines", () => {
  assert.equal(linesFit(["a 12 b", "c"], ["a … b", "c"]), true);
  assert.equal(linesFit(["a 12 d", "c"], ["a … b", "c"]), false);
  assert.equal(linesFit(["a", "b", "c", "d"], ["a", "...", "d"]), true);
  assert.equal(linesFit(["a", "b", "c"], ["a", "...", "d"]), false);
  assert.equal(linesFit(["a"], ["a", "..."]), true);
  assert.equal(linesFit(["a.b"], ["a…b", "c"]), false);
  assert.equal(linesFit(["a", "b"], ["a"]), false);
});

test("stepFits() lets a Markdown command without output below it print anything, but not fail", () => {
  const step = { command: "a", line: 1, expected: [] };
  assert.equal(stepFits(step, { stdout: "x\n", stderr: "", status: 0 }, { isMarkdown: true, scene: [] }), true);
  assert.equal(stepFits(step, { stdout: "x\n", stderr: "", status: 1 }, { isMarkdown: true, scene: [] }), false);
  assert.equal(stepFits(step, { stdout: "x\n", stderr: "", status: 0 }, { isMarkdown: false, scene: [] }), false);
  const fails = { ...step, expected: ["[3]"] };
  assert.equal(stepFits(fails, { stdout: "x\n", stderr: "", status: 3 }, { isMarkdown: true, scene: [] }), true);
});

test("updateText() puts what a step gave in the place of what was expected", () => {
  const { steps: [first, second] } = parseTranscript(TEXT, "a.txt");
  assert.ok(first !== undefined && second !== undefined);
  assert.equal(
    updateText(TEXT, new Map([[first, ["/private/tmp", "x"]], [second, []]])),
    "# What it shows.\nwith azure, reveals\n\n$ cd /tmp &&\n> pwd\n/private/tmp\nx\n\n$ false\n",
  );
});

for (
  const text of [
    "mlflow-token-CANARY",
    btoa("canary"),
    btoa("xcanary"),
    btoa("xxcanary"),
    "eyJhbGciOiJS.eyJhdWQiOiJodHRw.c2lnbmF0dXJl",
  ]
) {
  test(`findSecret() finds ${text} and does not repeat it`, () => {
    const found = findSecret(`first\n${text}\n`);
    assert.match(found ?? "", /^a (?:secret|signed token)(?: in base64)? in line 2$/);
  });
}

test("stepFits() allows other lines above the expected ones, in their order, in a scene with more-lines", () => {
  const step = { command: "a", line: 1, expected: ["b", "d"] };
  const fits = (stdout: string, scene: readonly string[]) =>
    stepFits(step, { stdout, stderr: "", status: 0 }, { isMarkdown: false, scene });
  const seen = ["b\nd\n", "a\nb\nc\nd\n", "d\nb\n", "a\nb\n"];
  assert.deepEqual(seen.map((stdout) => fits(stdout, ["more-lines"])), [true, true, false, false]);
  assert.deepEqual(seen.map((stdout) => fits(stdout, [])), [true, false, false, false]);
});

test("compareLines() keeps what both have, in order", () => {
  const compared = compareLines(["same", "old", "a …", "end"], ["new", "same", "a 1", "a 2", "end"]);
  assert.deepEqual(compared, [
    ["+", "new"],
    [" ", "same"],
    ["-", "old"],
    [" ", "a …"],
    ["+", "a 2"],
    [" ", "end"],
  ]);
  assert.deepEqual(compareLines([], []), []);
  assert.deepEqual(compareLines(["a"], []), [["-", "a"]]);
  assert.deepEqual(compareLines([], ["a"]), [["+", "a"]]);
});

test("updatedLines() keeps a line that fits as it is written", () => {
  const now = ["port 1", "new"];
  assert.deepEqual(updatedLines(["port …", "old"], [now, now]), { lines: ["port …", "new"] });
});

test("updatedLines() refuses what is not the same twice, and what stands for any lines", () => {
  assert.deepEqual(updatedLines(["a"], [["1"], ["2"]]), {
    refused: "it gives something else each time: write … for that",
  });
  assert.deepEqual(updatedLines(["...", "a"], [["b"], ["b"]]), {
    refused: "it holds a line of ...: write its lines by hand",
  });
});
