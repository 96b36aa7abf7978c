import { join } from "node:path";
import { ROOT } from "../build/build.ts";
import { run } from "../build/run_tool.ts";

/** Variables of a program that is measured; it gets no others. */
export type Env = Readonly<Record<string, string>>;

/** A program to measure. */
export interface Runner {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** Variables besides those of the place. */
  readonly env?: Env;
}

/** Where programs run. */
export interface Place {
  readonly env: Env;
  /** Words before a command that take it there, such as `nsenter` with its options; outside of what is timed. */
  readonly inside: readonly string[];
}

/** One run. */
export interface Run {
  readonly wallMs: number;
  /** Of user and kernel together; `undefined` where nothing here tells. */
  readonly cpuMs: number | undefined;
  /** The most memory that it held; `undefined` where nothing here tells. */
  readonly rssMiB: number | undefined;
}

/** The runs of each program, by its name; the first of one and the first of another lay beside each other. */
export type Runs = ReadonlyMap<string, readonly Run[]>;

const TIMED = join(ROOT, "scripts", "bench", "timed.py");

/** What a program said of its failure, in one line. */
const firstLine = (text: string): string => text.trim().split("\n")[0] ?? "";

/**
 * Finds out how to measure: with Python a run tells its processor time and its memory, which the wall time of a busy machine does not.
 *
 * @returns measures one run, which has to end well, and what it cannot measure, with the reason
 */
export async function measurer(): Promise<{
  readonly measure: (runner: Runner, place: Place) => Promise<Run>;
  readonly absent: string | undefined;
}> {
  const probe = await run("python3", ["-c", "import os, sys; os.wait4; print(sys.executable)"]).catch(() => undefined);
  const python = probe?.status === 0 ? probe.text.trim() : undefined;
  const measure = async ({ name, command, env = {} }: Runner, place: Place): Promise<Run> => {
    const timed = python === undefined ? [] : [python, "-I", "-S", TIMED];
    const [program = "", ...args] = [...place.inside, ...timed, ...command];
    const start = performance.now();
    const { code, stdout, stderr } = await new Deno.Command(program, {
      args,
      env: { ...place.env, ...env },
      clearEnv: true,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).output();
    const wallMs = performance.now() - start;
    const line = new TextDecoder().decode(stdout);
    // Without Python it is the program's own output.
    const said: Partial<Run> & { readonly status?: number } = python === undefined || line === ""
      ? {}
      : JSON.parse(line);
    const { status = code, ...found } = said;
    if (status !== 0) {
      throw new Error(`${name} ended with status ${status}: ${firstLine(new TextDecoder().decode(stderr))}`);
    }
    return { wallMs, cpuMs: undefined, rssMiB: undefined, ...found };
  };
  const absent = python === undefined
    ? "python3 is not installed: processor time and memory are not measured"
    : undefined;
  return { measure, absent };
}

/**
 * Runs programs in turn, so that a slow moment of the machine meets each alike; every other round the other way round. One round
 * before is not counted.
 *
 * @param runners the programs
 * @param options how to measure, where, and how many rounds are counted
 * @returns their runs
 */
export async function interleaved(
  runners: readonly Runner[],
  { measure, place, runs }: {
    readonly measure: (runner: Runner, place: Place) => Promise<Run>;
    readonly place: Place;
    readonly runs: number;
  },
): Promise<Runs> {
  const made = new Map<string, Run[]>(runners.map(({ name }) => [name, []]));
  for (const runner of runners) await measure(runner, place);
  for (let round = 0; round < runs; round += 1) {
    for (const runner of round % 2 === 0 ? runners : runners.toReversed()) {
      made.get(runner.name)?.push(await measure(runner, place));
    }
  }
  return made;
}

/** The value below which a share of the values lies. */
function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(at)] ?? NaN, sorted[Math.ceil(at)] ?? NaN];
  return low + (high - low) * (at - Math.floor(at));
}

/** @returns the middle of some values; NaN of none */
export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Two programs' times, as a ratio. */
export interface Ratio {
  /** The median of the ratios of each round. */
  readonly median: number;
  /** Of the quarter of each that was fastest, the slowest against each other. */
  readonly p25: number;
}

/**
 * Compares two programs that ran in turn.
 *
 * @param runs all runs
 * @param options whose runs, against whose, and of which measure
 * @returns the ratio; `undefined` where it was not measured
 *
 * @example
 * ```ts
 * import { ratioOf } from "./measure.ts";
 * import assert from "node:assert/strict";
 *
 * const of = (times: number[]) => times.map((wallMs) => ({ wallMs, cpuMs: undefined, rssMiB: undefined }));
 * const runs = new Map([["own", of([20, 60, 44])], ["floor", of([10, 20, 20])]]);
 * assert.equal(ratioOf(runs, { own: "own", floor: "floor", by: "wallMs" })?.median, 2.2);
 * assert.equal(ratioOf(runs, { own: "own", floor: "floor", by: "cpuMs" }), undefined);
 * ```
 */
export function ratioOf(
  runs: Runs,
  { own, floor, by }: { readonly own: string; readonly floor: string; readonly by: "wallMs" | "cpuMs" },
): Ratio | undefined {
  const valuesOf = (name: string): readonly number[] => (runs.get(name) ?? []).flatMap((one) => one[by] ?? []);
  const [owns, floors] = [valuesOf(own), valuesOf(floor)];
  if (owns.length === 0 || owns.length !== floors.length) return undefined;
  return {
    median: median(owns.map((value, round) => value / (floors[round] ?? NaN))),
    p25: quantile(owns, 0.25) / quantile(floors, 0.25),
  };
}
