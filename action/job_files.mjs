// @ts-check
import { randomBytes } from "node:crypto";
import { appendFile } from "node:fs/promises";
import { Refusal } from "./refusal.mjs";
import { fileEntry } from "./workflow_commands.mjs";

/** @typedef {import("./inputs.mjs").Environment} Environment */

/**
 * Adds to one of the files that the runner reads after the step.
 *
 * @param {"GITHUB_ENV" | "GITHUB_PATH" | "GITHUB_STATE" | "GITHUB_STEP_SUMMARY"} name variable that names the file
 * @param {string} text what to add
 * @param {Environment} env the step's environment
 * @throws {Refusal} outside of a job
 */
export async function appendTo(name, text, env) {
  const path = env[name] ?? "";
  if (path === "") {
    throw new Refusal(
      `Cannot hand on to later steps: "${name}" is not set`,
      "run this as a step of a GitHub Actions job",
    );
  }
  await appendFile(path, text);
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
