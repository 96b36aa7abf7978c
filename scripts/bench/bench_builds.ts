import { statSync } from "node:fs";
import { join } from "node:path";
import { compileBun, compileDeno, ROOT } from "../build/build.ts";
import { bundle } from "../build/bundle.ts";
import { compile } from "../compile.ts";
import { type Bench, EXE, instructionsOf, memoryOf, type Runtime, timesOf } from "./bench.ts";
import { interleaved, type Place, type Runner } from "./measure.ts";

const MB = 1024 * 1024;

/** What may be at most, and what is aimed at. */
const BOUNDS = {
  deno: {
    exec: { must: { wall: 1.45, instructions: 1.54 }, aim: { wall: 1.35, instructions: 1.45 } },
    help: { must: { wall: 1.3 }, aim: { wall: 1.15 } },
    memory: { must: { rssMiB: 54 }, aim: { rssMiB: 46 } },
    size: { must: { extraBytes: 1.45 * MB }, aim: { extraBytes: 0.8 * MB } },
  },
  bun: {
    exec: {},
    help: { must: { wall: 3 }, aim: { wall: 2 } },
    memory: { must: { rssMiB: 50 }, aim: { rssMiB: 46 } },
    size: { must: { extraBytes: 5.1 * MB }, aim: { extraBytes: 4 * MB } },
  },
} as const;

/** A file that no system runs: what `exec` does up to execve(2) can be counted, and the counter goes on to the end. */
export const NOT_A_PROGRAM: string = join(ROOT, "deno.json");

/**
 * Builds a program that does the least.
 *
 * @param name its file's, below `scripts/bench`
 * @param options of which runtime, and the folder for it
 * @returns its path
 * @throws BuildError where it cannot be built here
 */
export async function floorOf(
  name: string,
  { runtime, folder }: { readonly runtime: Runtime; readonly folder: string },
): Promise<string> {
  const to = join(folder, `${name}-${runtime}${EXE}`);
  const from = await bundle(join(ROOT, "scripts", "bench", `${name}.ts`), join(folder, `${name}-${runtime}-files`));
  await (runtime === "deno" ? compileDeno : compileBun)({ from, to });
  return to;
}

/**
 * Measures an executable next to programs of the same runtime that do the least.
 *
 * @param runtime which one
 * @param options the run of the bench, and where programs run
 * @throws BuildError where it cannot be built here
 */
export async function benchBuild(
  runtime: Runtime,
  { bench, place }: { readonly bench: Bench; readonly place: Place },
): Promise<void> {
  const { folder, rows } = bench;
  const own = await compile({ runtime, out: join(folder, `mlflow-auth-${runtime}${EXE}`) });
  const bare = await floorOf("bare_requests", { runtime, folder });
  const empty = await floorOf("empty", { runtime, folder });
  const runs = await interleaved([
    { name: "empty", command: [empty] },
    { name: "help", command: [own, "--help"] },
    { name: "bare", command: [bare] },
    { name: "exec", command: [own, "exec", "--", "true"] },
  ], { ...bench, place });
  const counted = (name: string, [command, floor]: readonly [Runner["command"], string]): Promise<number | undefined> =>
    instructionsOf(bench, {
      own: { name: `${runtime}: ${name}`, command },
      floor: { name: `${runtime}: what ${name} is held against`, command: [floor] },
      place,
    });
  const { exec, help, memory, size } = BOUNDS[runtime];
  rows.push({
    what: `${runtime}: exec -- true`,
    against: "three bare requests",
    ...timesOf(runs, { own: "exec", floor: "bare" }),
    instructions: await counted("exec", [[own, "exec", "--", NOT_A_PROGRAM], bare]),
    ...exec,
  }, {
    what: `${runtime}: --help`,
    against: "an empty program",
    ...timesOf(runs, { own: "help", floor: "empty" }),
    instructions: await counted("--help", [[own, "--help"], empty]),
    ...help,
  });
  const rssMiB = memoryOf(runs, "exec");
  if (rssMiB !== undefined) rows.push({ what: `${runtime}: exec, most memory`, against: "", rssMiB, ...memory });
  const denort = runtime === "deno" ? Deno.env.get("DENORT_BIN") ?? "" : "";
  const extraBytes = statSync(own).size - statSync(denort === "" ? empty : denort).size;
  const against = denort === "" ? "an empty program" : "its runtime";
  rows.push({ what: `${runtime}: size`, against, extraBytes, ...size });
}
