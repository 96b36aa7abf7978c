import assert from "node:assert/strict";
import { test } from "node:test";
import { type PartEnd, runGate } from "../../../../scripts/tests/gate.ts";

const PARTS = ["unit", "check", "docs"].map((task) => ({ task, next: `mend ${task}` }));

async function ran(ends: Readonly<Record<string, PartEnd>>) {
  const lines: string[] = [];
  const started: string[] = [];
  let ms = 0;
  const ok = await runGate(PARTS, {
    run: (task) => {
      started.push(task);
      ms += 1500;
      return Promise.resolve(ends[task] ?? { ok: true, text: "" });
    },
    print: (line) => void lines.push(line),
    now: () => ms,
    atOnce: 1,
  });
  return { ok, started, lines };
}

test("runGate() runs every part although the first fails, and ends with what that printed and the line to type next", async () => {
  const fault = "x.test.ts failed\n- expected\n+ given";
  const ends = { unit: { ok: false, text: fault }, docs: { ok: true, text: "x\n\x1b[32m9 passed\x1b[0m" } };
  assert.deepEqual(await ran(ends), {
    ok: false,
    started: ["unit", "check", "docs"],
    lines: [
      "FAIL  unit           1.5 s",
      "ok    check          1.5 s",
      "ok    docs           1.5 s  9 passed",
      `\n--- unit ---\n${fault}\n  next: mend unit`,
      "\nfailed: unit, in 5 s",
    ],
  });
});

test("runGate() is green where every part is", async () => {
  const { ok, lines } = await ran({});
  assert.deepEqual([ok, lines.at(-1)], [true, "\nthe gate is green, in 5 s"]);
});
