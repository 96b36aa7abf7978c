// @ts-check
import { spawn } from "node:child_process";
import { constants } from "node:os";
import process from "node:process";
import { Refusal } from "./refusal.mjs";

/** What a job that is cancelled sends, and a terminal. */
const SIGNALS = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);

/**
 * Runs a program to its end, on the streams of this one. A signal to this process is for that one, and only its end ends this one.
 *
 * @param {string} program path
 * @param {readonly string[]} args
 * @param {object} options
 * @param {Readonly<Record<string, string | undefined>>} options.env its whole environment
 * @param {string} [options.cwd]
 * @param {boolean} [options.isVerbatim] whether Windows gets the arguments as they are
 * @returns {Promise<number>} its status; 128 and the signal's number where one ended it
 * @throws {Refusal} where it cannot be started
 */
export async function runChild(program, args, { env, cwd, isVerbatim = false }) {
  const child = spawn(program, args, { env, cwd, stdio: "inherit", windowsVerbatimArguments: isVerbatim });
  const forward = (/** @type {NodeJS.Signals} */ signal) => {
    // On Windows a console's Ctrl-C has reached the child already, and to send one there means to kill.
    if (process.platform !== "win32") child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, forward);
  try {
    return await new Promise((resolve, reject) => {
      child.once("error", (error) => {
        const why = "code" in error ? error.code : error.name;
        reject(
          new Refusal(`Cannot run "${program}": ${why}`, "check that it is a program of this machine, and may be run"),
        );
      });
      child.once("close", (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
    });
  } finally {
    for (const signal of SIGNALS) process.off(signal, forward);
  }
}
