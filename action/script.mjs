// @ts-check
// Runs inside of `mlflow-auth exec`, with the credential in its environment: hides it from the log, then runs the script.
import { readFileSync, writeFileSync, writeSync } from "node:fs";
import process from "node:process";
import { maskCommands } from "./masks.mjs";
import { Refusal } from "./refusal.mjs";
import { runChild } from "./run_child.mjs";

/** @type {import("./run_script.mjs").Plan} */
const plan = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8"));

if (process.env["GITHUB_ACTIONS"] === "true") {
  // The runner reads each stream in order, but not one before the other.
  for (const stream of [1, 2]) writeSync(stream, maskCommands(process.env));
}
writeFileSync(plan.startedPath, "");
try {
  process.exitCode = await runChild(plan.program, plan.args, { env: process.env, isVerbatim: plan.isVerbatim });
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  process.stderr.write(`${error.message}\n`);
  // As env(1) has it for a program that is there and cannot be run.
  process.exitCode = 126;
}
