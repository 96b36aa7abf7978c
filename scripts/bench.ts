/**
 * Time, memory and size, as ratios within one run against named floors: `deno task bench`.
 *
 * - `exec -- true` against a stand-in for Azure on loopback, next to the same build of a program that makes the three bare requests;
 *   `--help`, next to the same build of an empty program; the size of the executable, next to its runtime;
 * - the Deno build's files run by every version of Deno that is there, next to what it is compiled with;
 * - with `--rtt 0,20,50`, `exec -- true` with Azure as many milliseconds away, next to other programs that read the same secret;
 * - with `--proxy` the proxy instead, next to nginx which does the same.
 *
 * @module
 */
import { loadavg } from "node:os";
import { basename, join, resolve } from "node:path";
import { benchAway, type Build } from "./bench/bench_away.ts";
import { benchBuild } from "./bench/bench_builds.ts";
import { benchVersions } from "./bench/bench_versions.ts";
import { type Bench, EXE } from "./bench/bench.ts";
import { withAzure } from "./bench/azure.ts";
import { instructionCounter } from "./bench/instructions.ts";
import { type Env, measurer } from "./bench/measure.ts";
import { benchProxy, type ProxyRow } from "./bench/proxy.ts";
import { type Absent, exceeded, type Row, tableOf } from "./bench/report.ts";
import { BuildError, withTemporaryFolder } from "./build/build.ts";
import { runScript } from "./build/run_script.ts";
import { compile } from "./compile.ts";
import { SECRETS } from "../tests/support/azure/world.ts";

/** Makes those executables that can be made here. */
async function makeBuilds(folder: string, absent: Absent[]): Promise<readonly Build[]> {
  const builds: Build[] = [];
  for (const runtime of ["deno", "bun"] as const) {
    await unlessBuilt(async () => {
      const program = await compile({ runtime, out: join(folder, `mlflow-auth-${runtime}${EXE}`) });
      builds.push({ name: runtime, program, runtime });
    }, { name: runtime, absent });
  }
  return builds;
}

/** Goes on where something cannot be built here. */
async function unlessBuilt(
  make: () => Promise<void>,
  { name, absent }: { readonly name: string; readonly absent: Absent[] },
): Promise<void> {
  try {
    await make();
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    absent.push({ name, reason: `${error.message}; ${error.remedy.replaceAll(/\s+/g, " ")}` });
  }
}

/** The variables of every program that is measured. */
const variables = (folder: string): Env => ({ PATH: "/usr/local/bin:/usr/bin:/bin", HOME: folder, TMPDIR: folder });

/** Both executables, and the Deno build's files by each version of Deno, on loopback. */
async function benchNear(bench: Bench, named: readonly string[]): Promise<void> {
  await withAzure(async ({ vault, direct, identities }) => {
    const env = { ...variables(bench.folder), ...vault, ...direct, ...identities["client-secret"] };
    const place = { env, inside: [] };
    for (const runtime of ["deno", "bun"] as const) {
      await unlessBuilt(() => benchBuild(runtime, { bench, place }), { name: runtime, absent: bench.absent });
    }
    await unlessBuilt(() => benchVersions(named, { bench, place }), { name: "deno run", absent: bench.absent });
  });
}

async function benchFar(
  bench: Bench,
  { rtt, base }: { readonly rtt: string; readonly base: readonly string[] },
): Promise<void> {
  const own = await makeBuilds(bench.folder, bench.absent);
  const earlier = base.map((program): Build => ({ name: `earlier ${basename(program)}`, program, runtime: undefined }));
  for (const rttMs of rtt.split(",").map(Number)) {
    await benchAway(rttMs, { bench, env: variables(bench.folder), builds: [...own, ...earlier] });
  }
}

/** The proxy's figures, of the builds that can be made here. */
async function proxyRows(
  { folder, absent }: Pick<Bench, "folder" | "absent">,
  { rounds, bytes, base }: { readonly rounds: number; readonly bytes: number; readonly base: readonly string[] },
): Promise<readonly ProxyRow[]> {
  const builds = (await makeBuilds(folder, absent)).map(({ runtime = "deno", program }) => ({
    name: runtime,
    program,
    base: base.find((earlier) => earlier.endsWith(`${runtime}${EXE}`)),
  }));
  const { token } = JSON.parse(SECRETS.mlflow) as { readonly token: string };
  return await withAzure(({ vault, direct, identities }) => {
    const env = { ...variables(folder), ...vault, ...direct, ...identities["client-secret"] };
    return benchProxy({ folder, env, token, builds, rounds, bytes });
  });
}

function printProxy(rows: readonly ProxyRow[]): void {
  const cells = [
    ["what", "floor", "mlflow-auth", "bound", ""],
    ...rows.map(({ what, floor, own, bound, verdict }) => [what, floor, own, bound, verdict]),
  ];
  const widths = [0, 1, 2, 3].map((at) => Math.max(...cells.map((row) => row[at]?.length ?? 0)));
  for (const row of cells) console.log(row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  ").trimEnd());
}

const USAGE = `Time, memory and size, as ratios within one run.

Usage:
    deno task bench [--runs <count>] [--json] [--deno <version>]...
    deno task bench --rtt <milliseconds>[,<milliseconds>]... [--base <program>]... [--runs <count>] [--json]
    deno task bench --proxy [--base <program>]... [--rounds <count>] [--mib <size>] [--json]

    --deno <version>  run the Deno build's files by this version too; npm installs it (repeatable)
    --rtt <list>      with Azure this far away, next to other programs; 0,20,50 is what the bounds are for
    --base <program>  an earlier build to be held against there, with --proxy its start; its name ends in deno or bun (repeatable)
    --json            rows, what is absent and why, and the load, as JSON
`;

/** What is asked for, as `runScript` gives it. */
interface Asked {
  readonly base: readonly string[];
  readonly deno: readonly string[];
  readonly json: boolean;
  readonly mib: number;
  readonly proxy: boolean;
  readonly rounds: number;
  readonly rtt: string | undefined;
  readonly runs: number;
}

/** Measures and prints; false where a bound is exceeded, or nothing could be measured. */
async function measureAll({ base, deno, json, mib, proxy, rounds, rtt, runs }: Asked): Promise<boolean> {
  const { measure, absent: unmeasured } = await measurer();
  const count = await instructionCounter();
  const rows: Row[] = [];
  const absent: Absent[] = unmeasured === undefined ? [] : [{ name: "processor time, memory", reason: unmeasured }];
  if (typeof count === "string") absent.push({ name: "instructions", reason: count });
  const proxied: ProxyRow[] = [];
  await withTemporaryFolder(async (folder) => {
    const bench = { folder, runs, measure, count: typeof count === "string" ? undefined : count, rows, absent };
    if (proxy) proxied.push(...await proxyRows(bench, { rounds, bytes: mib * 1024 * 1024, base }));
    else if (rtt === undefined) await benchNear(bench, deno);
    else await benchFar(bench, { rtt, base });
  });
  const failed = rows.length + proxied.length === 0 || rows.some((row) => exceeded(row).length > 0) ||
    proxied.some(({ verdict }) => verdict === "EXCEEDED");
  const facts = {
    runBy: Deno.version.deno,
    compiledWith: Deno.env.get("COMPILE_DENO") ?? Deno.execPath(),
    runs: proxy ? rounds : runs,
    load: loadavg().map((value) => Math.round(value * 100) / 100),
  };
  if (json) {
    console.log(JSON.stringify({ ...facts, rows: proxy ? proxied : rows, absent, failed }, undefined, 2));
    return !failed;
  }
  console.log(`Ratios of ${facts.runs} runs in turn, load ${facts.load.join(", ")}`);
  console.log(`Run by Deno ${facts.runBy}, compiled with ${facts.compiledWith}`);
  if (proxy) printProxy(proxied);
  else console.log(tableOf(rows).join("\n"));
  for (const { name, reason } of absent) console.log(`absent: ${name}: ${reason}`);
  return !failed;
}

if (import.meta.main) {
  const options = {
    base: { type: "string", multiple: true },
    deno: { type: "string", multiple: true },
    json: { type: "boolean" },
    mib: { type: "string" },
    proxy: { type: "boolean" },
    rounds: { type: "string" },
    rtt: { type: "string" },
    runs: { type: "string" },
  } as const;
  let held = true;
  const status = await runScript({ name: "bench", usage: USAGE, options, args: Deno.args }, async (values) => {
    const { base = [], deno = [], json = false, mib = "2048", proxy = false, rounds = "9", rtt, runs = "41" } = values;
    const numbers = { mib: Number(mib), rounds: Number(rounds), runs: Number(runs) };
    // Programs are run elsewhere, where a relative path would lead to another.
    held = await measureAll({ base: base.map((path) => resolve(path)), deno, json, proxy, rtt, ...numbers });
  });
  Deno.exitCode = status === 0 && !held ? 1 : status;
}
