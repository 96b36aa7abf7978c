import assert from "node:assert/strict";
import { test } from "node:test";
import { AuthError } from "../../../src/core/errors.ts";
import { makeLog } from "../../../src/core/log.ts";
import { oneLine } from "../../../src/core/one_line.ts";

test("oneLine() escapes what breaks a line, moves a terminal or cannot be seen, and nothing else", () => {
  const table = [
    ["plain – text ü 漢 😀", "plain – text ü 漢 😀"],
    ["a\r\nb\tc", "a\\r\\nb\\tc"],
    ["\x1b[2J\x07\0\x7f\x9b", "\\u{1b}[2J\\u{7}\\u{0}\\u{7f}\\u{9b}"],
    ["a\u2028b\u202ec\u2066\ufeff", "a\\u{2028}b\\u{202e}c\\u{2066}\\u{feff}"],
    ["\ud800", "\\u{d800}"],
  ] as const;
  assert.deepEqual(table.map(([text]) => oneLine(text)), table.map(([, line]) => line));
});

test("AuthError and the log are one line each, whatever they are given", () => {
  const error = new AuthError("usage", { message: 'Cannot run "a\nb": no', remedy: "ls \x1b[31m" });
  assert.deepEqual([error.message, error.remedy], ['Cannot run "a\\nb": no', "ls \\u{1b}[31m"]);
  const lines: string[] = [];
  makeLog("DEBUG", (line) => lines.push(line)).warning("a\nb");
  assert.deepEqual(lines, ["mlflow-auth: warning: a\\nb"]);
});
