import assert from "node:assert/strict";
import { test } from "node:test";
import { ratioOf } from "../../../../scripts/bench/measure.ts";
import { exceeded, tableOf } from "../../../../scripts/bench/report.ts";

const runsOf = (wallMs: readonly number[]) => wallMs.map((ms) => ({ wallMs: ms, cpuMs: ms / 2, rssMiB: undefined }));

test("ratioOf() pairs the runs of one round", () => {
  // A slow round is slow for both: the ratio of the sums would be 1.55, that of the medians 1.5.
  const runs = new Map([["own", runsOf([20, 30, 120])], ["floor", runsOf([10, 20, 80])]]);
  assert.deepEqual(ratioOf(runs, { own: "own", floor: "floor", by: "wallMs" }), { median: 1.5, p25: 25 / 15 });
  assert.equal(ratioOf(runs, { own: "own", floor: "floor", by: "cpuMs" })?.median, 1.5);
});

test("ratioOf() is undefined of a program that did not run", () => {
  assert.equal(ratioOf(new Map([["own", runsOf([1])]]), { own: "own", floor: "floor", by: "wallMs" }), undefined);
});

test("exceeded() names each measure that is more than it must be, and none that was not measured", () => {
  const row = { what: "exec", against: "floor", wall: { median: 1.46, p25: 1.4 }, instructions: 1.5 };
  assert.deepEqual(exceeded({ ...row, must: { wall: 1.45, instructions: 1.54, rssMiB: 54 } }), ["wall"]);
  assert.deepEqual(exceeded({ ...row, must: { wall: 1.46 } }), []);
  assert.deepEqual(exceeded(row), []);
});

test("tableOf() shows what exceeds its bound", () => {
  const size = { what: "size", against: "its runtime", extraBytes: 2 * 1024 * 1024, must: { extraBytes: 1024 * 1024 } };
  const [, line = ""] = tableOf([size]);
  assert.match(line, /^size {2,}its runtime .* \+2\.00 MB {2,}extraBytes \+1\.00 MB {2,}EXCEEDED$/);
});
