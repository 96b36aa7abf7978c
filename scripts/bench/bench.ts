import { type CountInstructions } from "./instructions.ts";
import { median, type Place, ratioOf, type Run, type Runner, type Runs } from "./measure.ts";
import type { Absent, Row } from "./report.ts";

/** The runtimes that executables are made with. */
export type Runtime = "deno" | "bun";

/** How the name of a program ends. */
export const EXE = Deno.build.os === "windows" ? ".exe" : "";

/** One run of the bench. */
export interface Bench {
  /** For its files. */
  readonly folder: string;
  readonly runs: number;
  readonly measure: (runner: Runner, place: Place) => Promise<Run>;
  /** Counts user instructions, where that can be done. */
  readonly count: CountInstructions | undefined;
  /** What has been found. */
  readonly rows: Row[];
  /** What could not be measured. */
  readonly absent: Absent[];
}

/**
 * Counts the instructions of two programs; why it cannot is added to what is absent.
 *
 * @param bench the run of the bench
 * @param options both programs, and where they run
 * @returns their ratio
 */
export async function instructionsOf(
  { count, absent }: Bench,
  { own, floor, place }: { readonly own: Runner; readonly floor: Runner; readonly place: Place },
): Promise<number | undefined> {
  if (count === undefined) return undefined;
  try {
    return await count(own, place) / await count(floor, place);
  } catch (error) {
    absent.push({ name: `instructions: ${own.name}`, reason: (error as Error).message });
    return undefined;
  }
}

/**
 * Compares the times of two programs.
 *
 * @param runs all runs
 * @param names of the one, and of the other
 * @returns what a row has of it
 */
export const timesOf = (
  runs: Runs,
  { own, floor }: { readonly own: string; readonly floor: string },
): Pick<Row, "wall" | "cpu"> => ({
  wall: ratioOf(runs, { own, floor, by: "wallMs" }),
  cpu: ratioOf(runs, { own, floor, by: "cpuMs" }),
});

/**
 * @param runs all runs
 * @param name a program's
 * @returns the most memory that it held, in MiB: the middle of its runs
 */
export const memoryOf = (runs: Runs, name: string): number | undefined => {
  const values = (runs.get(name) ?? []).flatMap(({ rssMiB }) => rssMiB ?? []);
  return values.length === 0 ? undefined : median(values);
};
