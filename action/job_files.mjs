// @ts-check
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { appendFile, readFile } from "node:fs/promises";
import { Refusal } from "./refusal.mjs";
import { fileEntry } from "./workflow_commands.mjs";

/** @typedef {import("./inputs.mjs").Environment} Environment */

/**
 * Adds lines to one of the files that the runner reads after the step, and looks whether they are there. Where the last line of the
 * file has no end it gets one first, and only there: an empty line makes other runners than GitHub's refuse the whole file.
 *
 * @param {"GITHUB_ENV" | "GITHUB_PATH" | "GITHUB_STATE" | "GITHUB_STEP_SUMMARY"} name variable that names the file
 * @param {string} lines what to add, each with its newline
 * @param {Environment} env the step's environment
 * @throws {Refusal} outside of a job, and where the file does not keep what is written
 */
export async function appendTo(name, lines, env) {
  const path = env[name] ?? "";
  if (path === "") {
    throw new Refusal(
      `Cannot hand on to later steps: "${name}" is not set`,
      "run this as a step of a GitHub Actions job",
    );
  }
  // Some runners leave it to the first step to make a file.
  const before = existsSync(path) ? await readFile(path, "utf8") : "";
  await appendFile(path, /[^\n]$/.test(before) ? `\n${lines}` : lines);
  if ((await readFile(path, "utf8")).includes(lines)) return;
  throw new Refusal(
    `Cannot hand on to later steps: the file of "${name}" does not hold what was written`,
    "check that the disk of the runner has room, and that nothing else writes to its files of commands",
  );
}

/**
 * Sets variables of later steps, or of the post step.
 *
 * @param {"GITHUB_ENV" | "GITHUB_STATE"} name variable that names the file
 * @param {readonly (readonly [name: string, value: string])[]} entries
 * @param {Environment} env the step's environment
 */
export async function setIn(name, entries, env) {
  const random = () => randomBytes(16).toString("hex");
  if (entries.length > 0) await appendTo(name, entries.map((entry) => fileEntry(entry, random)).join(""), env);
}
