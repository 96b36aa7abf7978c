// @ts-check
import { dirname } from "node:path";
import process from "node:process";
import { INPUTS, readInputs, variableOf } from "./inputs.mjs";
import { install } from "./install.mjs";
import { appendTo, setIn } from "./job_files.mjs";
import { Refusal } from "./refusal.mjs";
import { reportFailure, reportRefusal } from "./report_failure.mjs";
import { runChild } from "./run_child.mjs";
import { runScript } from "./run_script.mjs";
import { errorCommand } from "./workflow_commands.mjs";

/** @typedef {import("./inputs.mjs").Environment} Environment */

/** What the runner gives an action and not the script of a `run:` step. */
const OF_THE_ACTION = [
  "ACTIONS_RUNTIME_URL",
  "ACTIONS_RUNTIME_TOKEN",
  "ACTIONS_CACHE_URL",
  "ACTIONS_CACHE_SERVICE_V2",
  "ACTIONS_RESULTS_URL",
  ...INPUTS.map(variableOf),
];

/**
 * The step: with a script, runs it; without one, prepares the steps after it.
 *
 * @param {Environment} env the step's environment
 * @returns {Promise<number>} its exit status
 */
async function step(env) {
  const inputs = readInputs(env);
  const installed = await install(inputs, env);
  const own = Object.fromEntries(Object.entries(env).filter(([name]) => !OF_THE_ACTION.includes(name)));
  const inner = { ...own, ...inputs.settings };
  if (inputs.run !== "") {
    const { status, isStarted } = await runScript(installed.path, inputs, inner);
    if (status !== 0 && !isStarted) await reportFailure(installed, inner);
    else if (status !== 0) {
      process.stdout.write(errorCommand("mlflow-auth", `The script ended with exit status ${status}`));
    }
    return status;
  }
  await appendTo("GITHUB_PATH", `${dirname(installed.path)}\n`, env);
  await setIn("GITHUB_ENV", Object.entries(inputs.settings), env);
  if (!inputs.isExport) return 0;
  // Written before anything is exported, so that whatever came through is blanked.
  await setIn("GITHUB_STATE", [["program", installed.path]], env);
  // Some runners give a step a terminal, which is a log with masks for all that.
  const status = await runChild(installed.path, ["export", "--format", "github", "--reveal"], { env: inner });
  if (status !== 0) await reportFailure(installed, inner);
  return status;
}

try {
  process.exitCode = await step(process.env);
} catch (error) {
  await reportRefusal(refusalOf(error), process.env);
  process.exitCode = 1;
}

/**
 * @param {unknown} error
 * @returns {Refusal}
 */
function refusalOf(error) {
  if (error instanceof Refusal) return error;
  // A file or folder of the runner; anything else is a defect, and its trace the best that there is.
  if (!(error instanceof Error && "code" in error && "path" in error)) throw error;
  return new Refusal(
    `Cannot prepare the step: ${error.message}`,
    "check that the runner's user may read and write there",
  );
}
