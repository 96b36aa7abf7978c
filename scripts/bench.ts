/**
 * Time and size, as ratios within one run against named floors: `deno task bench [--runs <count>]`.
 *
 * - `exec -- true` against a stand-in for Azure on loopback, next to the same build of a program that makes the three bare requests;
 * - `--help`, next to the same build of an empty program;
 * - the size of the executable, next to its runtime.
 *
 * With `--proxy` the proxy is measured instead, next to nginx which does the same: `deno task bench --proxy [--rounds <count>] [--mib <size>]`.
 *
 * @module
 */
import { statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { BuildError, compileBun, compileDeno, MAX_EXTRA_BYTES, ROOT, withTemporaryFolder } from "./build/build.ts";
import { bundle } from "./build/bundle.ts";
import { benchProxy, type ProxyBench } from "./bench/proxy.ts";
import { compile } from "./compile.ts";
import { SECRETS } from "../tests/support/azure/world.ts";

const MAX_EXEC_RATIO = 1.6;
const AIM_EXEC_RATIO = 1.3;
const MAX_HELP_EXTRA_MS = 15;

type Env = Readonly<Record<string, string>>;

/** A program to time. */
interface Runner {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

interface Row {
  readonly what: string;
  readonly floor: string;
  readonly own: string;
  readonly bound: string;
  readonly verdict: "ok" | "EXCEEDED" | "reported";
}

/** Wall time of one run, in milliseconds. */
async function timeOf({ name, command: [program, ...args] }: Runner, env: Env): Promise<number> {
  const start = performance.now();
  const { code, stderr } = await new Deno.Command(program, {
    args,
    env: { ...env },
    clearEnv: true,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  const elapsedMs = performance.now() - start;
  if (code !== 0) {
    throw new Error(`${name} ended with status ${code}: ${new TextDecoder().decode(stderr).split("\n")[0]}`);
  }
  return elapsedMs;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Medians of interleaved runs, so that a slow moment of the machine meets every program alike. */
async function medians(
  runners: readonly Runner[],
  { env, runs }: { readonly env: Env; readonly runs: number },
): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, number[]>(runners.map(({ name }) => [name, []]));
  for (const runner of runners) await timeOf(runner, env);
  for (let run = 0; run < runs; run += 1) {
    for (const runner of runners) times.get(runner.name)?.push(await timeOf(runner, env));
  }
  return new Map([...times].map(([name, values]) => [name, median(values)]));
}

/** A stand-in for Azure in a process of its own, so that its work is not on the clock of this one. */
async function withAzure<T>(use: (env: Env) => Promise<T>): Promise<T> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-check",
      "--allow-all",
      join(ROOT, "tests", "support", "azure", "main.ts"),
      "--direct",
    ],
    cwd: ROOT,
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  try {
    let text = "";
    while (!text.includes("\n")) {
      const { value, done } = await reader.read();
      if (done) throw new Error("The stand-in for Azure did not start");
      text += value;
    }
    const { direct, vault, identities } = JSON.parse(text) as {
      readonly direct: Env;
      readonly vault: Env;
      readonly identities: Readonly<Record<string, Env>>;
    };
    return await use({ ...vault, ...direct, ...identities["client-secret"] });
  } finally {
    reader.releaseLock();
    child.kill();
    await child.status;
  }
}

const ms = (value: number): string => `${value.toFixed(1)} ms`;
const mb = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(2)} MB`;

async function benchOf(
  runtime: "deno" | "bun",
  { folder, env, runs }: { readonly folder: string; readonly env: Env; readonly runs: number },
): Promise<readonly Row[]> {
  const pathOf = (name: string): string =>
    join(folder, `${name}-${runtime}${Deno.build.os === "windows" ? ".exe" : ""}`);
  const build = async (name: string, entry: string): Promise<string> => {
    const from = await bundle(join(ROOT, entry), join(folder, name));
    await (runtime === "deno" ? compileDeno : compileBun)({ from, to: pathOf(name) });
    return pathOf(name);
  };
  const own = await compile({ runtime, out: pathOf("mlflow-auth") });
  const bare = await build("bare-requests", "scripts/bench/bare_requests.ts");
  const empty = await build("empty", "scripts/bench/empty.ts");
  const found = await medians([
    { name: "empty", command: [empty] },
    { name: "help", command: [own, "--help"] },
    { name: "bare", command: [bare] },
    { name: "exec", command: [own, "exec", "--", "true"] },
  ], { env, runs });
  const at = (name: string): number => found.get(name) ?? NaN;
  const ratio = at("exec") / at("bare");
  const extraMs = at("help") - at("empty");
  const denort = runtime === "deno" ? Deno.env.get("DENORT_BIN") ?? "" : "";
  const runtimeBytes = statSync(denort === "" ? empty : denort).size;
  const extraBytes = statSync(own).size - runtimeBytes;
  // The Deno build is the one that is released first; Bun's is reported.
  const judge = (holds: boolean): Row["verdict"] => runtime === "bun" ? "reported" : holds ? "ok" : "EXCEEDED";
  return [{
    what: `${runtime}: exec -- true`,
    floor: `three bare requests ${ms(at("bare"))}`,
    own: `${ms(at("exec"))} = ${ratio.toFixed(2)}x`,
    bound: `${MAX_EXEC_RATIO}x (aim ${AIM_EXEC_RATIO}x)`,
    verdict: judge(ratio <= MAX_EXEC_RATIO),
  }, {
    what: `${runtime}: --help`,
    floor: `empty program ${ms(at("empty"))}`,
    own: `${ms(at("help"))} = +${ms(extraMs)}`,
    bound: `+${MAX_HELP_EXTRA_MS} ms`,
    verdict: judge(extraMs <= MAX_HELP_EXTRA_MS),
  }, {
    what: `${runtime}: size`,
    floor: `${denort === "" ? "empty program" : "denort"} ${mb(runtimeBytes)}`,
    own: `${mb(statSync(own).size)} = +${mb(extraBytes)}`,
    bound: `+${mb(MAX_EXTRA_BYTES)}`,
    verdict: judge(extraBytes <= MAX_EXTRA_BYTES),
  }];
}

/** The proxy's figures, of the builds that can be made here. */
async function proxyRows(
  { folder, env, rounds, bytes }: Pick<ProxyBench, "folder" | "env" | "rounds" | "bytes">,
): Promise<readonly Row[]> {
  const builds: { readonly name: "deno" | "bun"; readonly program: string }[] = [];
  for (const name of ["deno", "bun"] as const) {
    try {
      builds.push({ name, program: await compile({ runtime: name, out: join(folder, `mlflow-auth-${name}`) }) });
    } catch (error) {
      if (!(error instanceof BuildError)) throw error;
      console.error(`bench: ${error.message}\n  try:  ${error.remedy}`);
    }
  }
  const { token } = JSON.parse(SECRETS.mlflow) as { readonly token: string };
  return await benchProxy({ folder, env, token, builds, rounds, bytes });
}

function print(rows: readonly Row[]): void {
  const cells = [
    ["what", "floor", "mlflow-auth", "bound", ""],
    ...rows.map(({ what, floor, own, bound, verdict }) => [what, floor, own, bound, verdict]),
  ];
  const widths = [0, 1, 2, 3].map((at) => Math.max(...cells.map((row) => row[at]?.length ?? 0)));
  for (const row of cells) console.log(row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  ").trimEnd());
}

if (import.meta.main) {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      mib: { type: "string", default: "2048" },
      proxy: { type: "boolean" },
      rounds: { type: "string", default: "9" },
      runs: { type: "string", default: "31" },
    },
  });
  const runs = Number(values.runs);
  const rows = await withTemporaryFolder((folder) =>
    withAzure(async (azure) => {
      const env = { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: folder, TMPDIR: folder, ...azure };
      const all: Row[] = [];
      if (values.proxy === true) {
        return await proxyRows({ folder, env, rounds: Number(values.rounds), bytes: Number(values.mib) * 1024 * 1024 });
      }
      for (const runtime of ["deno", "bun"] as const) {
        try {
          all.push(...await benchOf(runtime, { folder, env, runs }));
        } catch (error) {
          if (!(error instanceof BuildError)) throw error;
          console.error(`bench: ${error.message}\n  try:  ${error.remedy}`);
        }
      }
      return all;
    })
  );
  console.log(`Medians of ${values.proxy === true ? `${values.rounds} rounds` : `${runs} interleaved runs`}`);
  print(rows);
  if (rows.length === 0 || rows.some(({ verdict }) => verdict === "EXCEEDED")) Deno.exitCode = 1;
}
