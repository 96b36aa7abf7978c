import assert from "node:assert/strict";
import { test } from "node:test";
import { BuildError } from "../../../../scripts/build/build.ts";
import { runScript } from "../../../../scripts/build/run_script.ts";

/** Runs a script of one option; what it was given, what it told, and how it ended. */
async function run(args: readonly string[], fails?: Error) {
  const told: string[] = [];
  const given: unknown[] = [];
  const options = { out: { type: "string" } } as const;
  const script = { name: "make", usage: "Usage: make", options, args, tell: (text: string) => void told.push(text) };
  const status = await runScript(script, (values) => {
    given.push(values.out);
    return fails === undefined ? Promise.resolve() : Promise.reject(fails);
  });
  return { status, told, given };
}

test("runScript() gives the body its options", async () => {
  assert.deepEqual(await run(["--out", "a"]), { status: 0, told: [], given: ["a"] });
});

test("runScript() tells of a BuildError with its remedy, and ends with 1", async () => {
  const told = ['make: Cannot make "a": it is there\n  try:  remove it'];
  const error = new BuildError('Cannot make "a": it is there', "remove it");
  assert.deepEqual(await run([], error), { status: 1, told, given: [undefined] });
});

test("runScript() shows the usage for arguments that are not understood, runs nothing, and ends with 2", async () => {
  const { status, told, given } = await run(["--uot", "a"]);
  assert.deepEqual({ status, given }, { status: 2, given: [] });
  assert.match(told.join(), /^make: Unknown option '--uot'[\s\S]*\n\nUsage: make$/);
});

test("runScript() throws what is a defect, a TypeError too", async () => {
  await assert.rejects(run([], new TypeError("x is not a function")), { message: "x is not a function" });
});
