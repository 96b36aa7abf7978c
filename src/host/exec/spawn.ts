import { type ChildProcess, spawn } from "node:child_process";
import { statSync } from "node:fs";
import { constants } from "node:os";
import process from "node:process";
import { isatty } from "node:tty";
import type { ExecFailure, Exited } from "../../core/host.ts";
import { planEnd, planSignals, type Signal, spawnFailure } from "./spawn_plan.ts";
import { type Kind, windowsStart } from "./windows_command.ts";

// A signal to oneself arrives at once or not at all.
const DEATH_MS = 200;

/** How the child ended, or why it did not start. */
type Outcome = { readonly code: number | null; readonly signal: Signal | null } | ExecFailure;

/** Starts listening and hands signals on, those too that arrive before there is a child. */
function relaySignals(windows: boolean): { readonly to: (child: ChildProcess) => void; readonly stop: () => void } {
  const plan = planSignals({ windows, terminal: [0, 1, 2].some((fd) => isatty(fd)) });
  const early: Signal[] = [];
  const target: { send: (signal: Signal) => void } = { send: (signal) => early.push(signal) };
  const listeners = [
    ...plan.forward.map((signal) => [signal, () => target.send(signal)] as const),
    ...plan.swallow.map((signal) => [signal, () => {}] as const),
  ].filter(([signal, listener]) => {
    try {
      process.on(signal, listener);
      return true;
    } catch {
      // Not every runtime can listen to every signal: that one keeps its default.
      return false;
    }
  });
  return {
    to: (child) => {
      target.send = (signal) => void child.kill(signal);
      early.splice(0).forEach(target.send);
    },
    stop: () => listeners.forEach(([signal, listener]) => process.off(signal, listener)),
  };
}

function kindOf(path: string): Kind {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isDirectory() === true ? "folder" : found === undefined ? undefined : "file";
}

function run(argv: readonly string[], options: { env: Record<string, string>; windows: boolean }): Promise<Outcome> {
  const [command = "", ...rest] = argv;
  const start = options.windows
    ? windowsStart(argv, { env: options.env, kindOf })
    : { file: command, args: rest, verbatim: false };
  if ("kind" in start) return Promise.resolve(start);
  const relay = relaySignals(options.windows);
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  try {
    const { file, args, verbatim } = start;
    const child = spawn(file, [...args], {
      stdio: "inherit",
      env: options.env,
      windowsHide: false,
      windowsVerbatimArguments: verbatim,
    });
    child.on("spawn", () => relay.to(child));
    child.on("error", (error) => resolve(spawnFailure(error)));
    child.on("exit", (code, signal) => resolve({ code, signal }));
  } catch (error) {
    resolve(spawnFailure(error));
  }
  return promise.finally(relay.stop);
}

/**
 * Runs a command as a child, where the process cannot be replaced: hands signals on, waits, and ends as the child did.
 * `docs/exec.md` lists what the command can notice.
 *
 * @param argv the command and its arguments
 * @param options the command's environment, and whether this is Windows
 * @returns why it did not start, or the status to exit with; where a signal ended it, this process ends by that signal if it can
 */
export async function runChild(
  argv: readonly string[],
  options: { readonly env: Record<string, string>; readonly windows: boolean },
): Promise<ExecFailure | Exited> {
  const outcome = await run(argv, options);
  if ("kind" in outcome) return outcome;
  const number = outcome.signal === null ? undefined : constants.signals[outcome.signal];
  const { dieBy, status } = planEnd({ ...outcome, number }, process.pid);
  if (dieBy !== undefined) {
    process.kill(process.pid, dieBy);
    await new Promise((resolve) => setTimeout(resolve, DEATH_MS));
  }
  return { status };
}
