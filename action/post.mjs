// @ts-check
import process from "node:process";
import { readInputs } from "./inputs.mjs";
import { runChild } from "./run_child.mjs";
import { warningCommand } from "./workflow_commands.mjs";

// Only the step that exported something has something to blank; a script's own GITHUB_STATE counts for nothing.
const program = isExport(process.env) ? process.env["STATE_program"] ?? "" : "";
if (program !== "") {
  const status = await runChild(program, ["export", "--format", "github", "--unset"], { env: process.env })
    .catch(() => undefined);
  if (status !== 0) {
    process.stdout.write(
      warningCommand("mlflow-auth", "Cannot blank the exported variables: later post steps see them"),
    );
  }
}

/**
 * @param {import("./inputs.mjs").Environment} env
 * @returns {boolean}
 */
function isExport(env) {
  try {
    return readInputs(env).isExport;
  } catch {
    // The step has refused these inputs, and exported nothing.
    return false;
  }
}
