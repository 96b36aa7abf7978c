// @ts-check
import { existsSync, statSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { findProgram } from "./find_program.mjs";
import { Refusal } from "./refusal.mjs";
import { runChild } from "./run_child.mjs";
import { scriptText, shellCommands } from "./shell_command.mjs";

/** @typedef {import("./inputs.mjs").Inputs} Inputs */
/** @typedef {import("./inputs.mjs").Environment} Environment */

/**
 * What `script.mjs` runs.
 *
 * @typedef {object} Plan
 * @property {string} program
 * @property {readonly string[]} args
 * @property {boolean} isVerbatim
 * @property {string} startedPath a file to make before the script starts
 */

/**
 * How a script ended.
 *
 * @typedef {object} End
 * @property {number} status
 * @property {boolean} isStarted whether it came that far
 */

/**
 * Runs the script in `mlflow-auth exec`.
 *
 * @param {string} program path of mlflow-auth
 * @param {Inputs} inputs
 * @param {Environment} env the environment of mlflow-auth
 * @returns {Promise<End>}
 * @throws {Refusal} where there is no such shell or folder
 */
export async function runScript(program, inputs, env) {
  const isWindows = process.platform === "win32";
  const cwd = resolve(env["GITHUB_WORKSPACE"] ?? ".", inputs.workingDirectory);
  if (statSync(cwd, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new Refusal(`Cannot run the script in "${cwd}": it is no folder`, "check working-directory:");
  }
  const commands = shellCommands(inputs.shell, { isWindows });
  const found = commands.map((command) => ({ command, path: findProgram(command.program, env, { isWindows }) }))
    .find(({ path }) => path !== undefined);
  if (found?.path === undefined) {
    const names = commands.map((command) => command.program).join(" or ");
    throw new Refusal(
      `Cannot find the shell "${names}": no folder of PATH holds it`,
      "install it, or choose another shell:",
    );
  }
  const { command, path } = found;
  const folder = await mkdtemp(join(temporaryFolder(env), "mlflow-auth-"));
  try {
    const scriptPath = join(folder, `script${command.extension}`);
    const plan = {
      program: path,
      args: command.args.map((word) => word.replaceAll("{0}", scriptPath)),
      isVerbatim: command.isVerbatim,
      startedPath: join(folder, "started"),
    };
    await writeFile(scriptPath, scriptText(command, inputs.run, { isWindows }), { mode: 0o600 });
    await writeFile(join(folder, "plan.json"), JSON.stringify(plan), { mode: 0o600 });
    const inner = [process.execPath, fileURLToPath(new URL("script.mjs", import.meta.url)), join(folder, "plan.json")];
    const status = await runChild(program, ["exec", "--", ...inner], { env, cwd });
    return { status, isStarted: existsSync(plan.startedPath) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * The folder that the runner empties at the end of the job.
 *
 * @param {Environment} env
 * @returns {string}
 * @throws {Refusal} outside of a job
 */
export function temporaryFolder(env) {
  const folder = env["RUNNER_TEMP"] ?? "";
  if (folder !== "") return folder;
  throw new Refusal(
    'Cannot find a temporary folder: "RUNNER_TEMP" is not set',
    "run this as a step of a GitHub Actions job",
  );
}
