import assert from "node:assert/strict";
import { test } from "node:test";
import { type Level, LEVELS, makeLog } from "../../../src/core/log.ts";

function written(level: Level): readonly string[] {
  const lines: string[] = [];
  const log = makeLog(level, (line) => lines.push(line));
  log.debug("one");
  log.info("two");
  log.warning("three");
  return lines;
}

test("makeLog() writes lines of its level and above", () => {
  assert.deepEqual(LEVELS.map(written), [
    ["mlflow-auth: debug: one", "mlflow-auth: two", "mlflow-auth: warning: three"],
    ["mlflow-auth: two", "mlflow-auth: warning: three"],
    ["mlflow-auth: warning: three"],
    [],
  ]);
});

test("makeLog() calls for a line only where it is written", () => {
  const lines: string[] = [];
  const called: string[] = [];
  for (const level of ["INFO", "DEBUG"] as const) {
    makeLog(level, (line) => lines.push(line)).debug(() => {
      called.push(level);
      return "dear";
    });
  }
  assert.deepEqual([called, lines], [["DEBUG"], ["mlflow-auth: debug: dear"]]);
});
