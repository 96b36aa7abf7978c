// @ts-check
import { execFile } from "node:child_process";
import process from "node:process";
import { appendTo } from "./job_files.mjs";
import { cell, findingsTable, readFindings } from "./summary.mjs";
import { errorCommand } from "./workflow_commands.mjs";

/** @typedef {import("./inputs.mjs").Environment} Environment */
/** @typedef {import("./install.mjs").Installed} Installed */

const DOCTOR_TIMEOUT_MS = 60_000;

/**
 * Says why the program failed: what doctor finds goes to the step's summary, the first failure to the step's errors.
 *
 * @param {Installed} installed the program, which has said itself in the log why it failed
 * @param {Environment} env the environment in which it failed
 */
export async function reportFailure({ path, version, repository }, env) {
  const findings = readFindings(await doctor(path, env));
  const errorsUrl = `https://github.com/${repository}/blob/v${version}/docs/errors.md`;
  const first = findings.find(({ status }) => status === "fail");
  const title = first === undefined || first.code === "" ? "mlflow-auth" : `mlflow-auth: ${first.code}`;
  const message = first === undefined
    ? "It failed, and doctor finds nothing wrong now: its message is in the log"
    : [first.message, ...(first.remedy === "" ? [] : [`try: ${first.remedy}`])].join("\n");
  process.stdout.write(errorCommand(title, message));
  await addSummary(`${cell(message)}\n\n${findings.length === 0 ? "" : findingsTable(findings, { errorsUrl })}`, env);
}

/**
 * Says what the step itself refused.
 *
 * @param {import("./refusal.mjs").Refusal} refusal
 * @param {Environment} env the step's environment
 */
export async function reportRefusal({ message, remedy }, env) {
  process.stdout.write(errorCommand("mlflow-auth", `${message}\ntry: ${remedy}`));
  await addSummary(`${cell(message)}\n\n${cell(remedy)}\n`, env);
}

/**
 * @param {string} text Markdown
 * @param {Environment} env
 */
async function addSummary(text, env) {
  // Older runners have no summary.
  if ((env["GITHUB_STEP_SUMMARY"] ?? "") !== "") {
    await appendTo("GITHUB_STEP_SUMMARY", `\n### mlflow-auth\n\n${text}`, env);
  }
}

/**
 * @param {string} path
 * @param {Environment} env
 * @returns {Promise<string>} what it printed
 */
const doctor = (path, env) =>
  new Promise((resolve) => {
    execFile(path, ["doctor", "--json"], { env, timeout: DOCTOR_TIMEOUT_MS }, (_error, stdout) => resolve(stdout));
  });
