import { run } from "../build/run_tool.ts";
import type { Place, Runner } from "./measure.ts";

/** Counts the user instructions of one run. */
export type CountInstructions = (runner: Runner, place: Place) => Promise<number>;

const VALGRIND_COMMAND = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"];

/** Takes `==123== I   refs:      163,699,116` out of what valgrind says, and `163699116,,instructions:u,…` of what perf says. */
const VALGRIND = /^==\d+== I\s+refs:\s+([\d,]+)$/m;
const PERF = /^(\d+),[^,\n]*,instructions/m;

/** Valgrind does not know some instructions of newer processors, and goes on with another count than the program's. */
const UNKNOWN = /Unrecognised instruction/;

const numberIn = (text: string, pattern: RegExp): number | undefined => {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? undefined : Number(found.replaceAll(",", ""));
};

/**
 * Finds valgrind, whose counts depend less on the processor than the processor's own.
 *
 * @returns counts the instructions of a run, whatever its exit status; `undefined` where valgrind is not installed
 */
export async function valgrindCounter(): Promise<CountInstructions | undefined> {
  const { status } = await run("valgrind", ["--version"]).catch(() => ({ status: 127 }));
  return status === 0 ? counted(VALGRIND_COMMAND, VALGRIND) : undefined;
}

/**
 * Finds a way to count user instructions, which repeat to a tenth of a percent where times do not: the processor's own counter by
 * `perf`, else valgrind's cachegrind. Valgrind counts
 * nothing where a program becomes another by execve(2), so one has to be named that cannot be run.
 *
 * @returns counts the instructions of a run, whatever its exit status; or why nothing here does
 */
export async function instructionCounter(): Promise<CountInstructions | string> {
  const perf = await run("perf", ["stat", "-x,", "-e", "instructions:u", "true"]).catch(() => undefined);
  if (perf !== undefined && numberIn(perf.text, PERF) !== undefined) {
    return counted(["perf", "stat", "-x,", "-e", "instructions:u"], PERF);
  }
  const counter = await valgrindCounter();
  if (counter !== undefined) return counter;
  const refused = perf === undefined ? "perf is not installed" : "perf may not count here";
  return `${refused}, nor is valgrind installed: sudo apt-get install -y valgrind`;
}

const counted =
  (tool: readonly string[], pattern: RegExp): CountInstructions => async ({ name, command, env }, place) => {
    const [program = "", ...args] = [...place.inside, ...tool, ...command];
    const { text } = await run(program, args, { env: { ...place.env, ...env }, clearEnv: true });
    const count = UNKNOWN.test(text) ? undefined : numberIn(text, pattern);
    if (count === undefined) {
      throw new Error(
        `Cannot count the instructions of "${name}": ${UNKNOWN.exec(text)?.[0] ?? text.trim().slice(-200)}`,
      );
    }
    return count;
  };
