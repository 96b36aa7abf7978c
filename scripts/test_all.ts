/**
 * Everything: the gate, both builds, then `tests/real` against them. `deno task test`, or `deno task test:real [<file>...]` without
 * the gate. `deno task test:ground [<file>...]` runs `tests/ground` in their place: what takes longer than five minutes to install.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { existsSync, readdirSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { findSecret } from "../tests/support/canary.ts";
import { REASONS_FILE } from "../tests/support/skip.ts";
import { BuildError, ROOT, withTemporaryFolder } from "./build/build.ts";
import { bundle } from "./build/bundle.ts";
import { compile } from "./compile.ts";
import { add, NONE, readJunit, type Tally } from "./tests/junit.ts";
import { notPassed } from "./tests/report.ts";
import { testModule } from "./tests/test_module.ts";

/** Variables that would make a program under test somebody, or lead it somewhere. */
const FOREIGN = /^(?:AZURE_|MLFLOW_|ACTIONS_|IDENTITY_|MSI_|IMDS_|SYSTEM_|GITHUB_|DATABRICKS_)/;

/** A port on which nobody listens, so that nothing asks a real metadata service. */
const NOBODY = "http://127.0.0.1:9";

/** The environment that tests start with: tools are found and packages installed as on this machine, and nothing else is known. */
function environment(extra: Readonly<Record<string, string>>): Record<string, string> {
  const own = Object.entries(Deno.env.toObject()).filter(([name]) => !FOREIGN.test(name));
  return {
    ...Object.fromEntries(own),
    AZURE_POD_IDENTITY_AUTHORITY_HOST: NOBODY,
    NO_COLOR: "1",
    DENO_NO_UPDATE_CHECK: "1",
    ...extra,
  };
}

/** Takes what tests print. */
type Sink = Pick<typeof Deno.stdout, "write">;

/** Passes a stream on, and gives each line that holds a secret. */
async function watch(from: ReadableStream<Uint8Array>, to: Sink): Promise<readonly string[]> {
  const leaks: string[] = [];
  let line = "";
  for await (const text of from.pipeThrough(new TextDecoderStream())) {
    await to.write(new TextEncoder().encode(text));
    const lines = (line + text).split("\n");
    line = lines.pop() ?? "";
    leaks.push(...lines.filter((one) => findSecret(one) !== undefined));
  }
  return findSecret(line) === undefined ? leaks : [...leaks, line];
}

interface Ended {
  readonly status: number;
  /** How many lines of its output held a secret. */
  readonly leaks: number;
}

/** How tests are run. */
interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Whether they take of the processors only what nobody else wants, and print at their end. */
  readonly yields?: boolean;
}

/** Starts `deno`, passes on what it prints, and waits for its end. */
async function deno(args: readonly string[], { env = {}, yields = false }: RunOptions = {}): Promise<Ended> {
  const held: Uint8Array[] = [];
  const hold: Sink = { write: (bytes) => Promise.resolve(held.push(bytes)) };
  const [stdout, stderr] = yields ? [hold, hold] : [Deno.stdout, Deno.stderr];
  await stdout.write(new TextEncoder().encode(`\n$ deno ${args.join(" ")}\n`));
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: ROOT,
    env: environment(env),
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  if (yields) setPriority(child.pid, constants.priority.PRIORITY_LOW);
  const found = await Promise.all([watch(child.stdout, stdout), watch(child.stderr, stderr)]);
  console.log(Buffer.concat(held).toString());
  const leaks = found.flat().length;
  if (leaks > 0) console.log(`\n${leaks} lines of this output hold a made-up secret: nothing may print one`);
  return { status: (await child.status).code, leaks };
}

/** Runs tests and counts them by their report, which a test cannot imitate by what it prints. */
async function counted(
  args: readonly string[],
  report: string,
  options?: RunOptions,
): Promise<Tally> {
  const { status, leaks } = await deno([...args, `--junit-path=${report}`], options);
  const tally = existsSync(report) ? readJunit(await Deno.readTextFile(report)) : NONE;
  const none = tally.passed + tally.failed + tally.skipped === 0;
  const failed = leaks > 0 || none || (status !== 0 && tally.failed === 0);
  const what = leaks > 0
    ? "its output holds a made-up secret"
    : `deno ${args[0]} ended with status ${status}${none ? ", and ran no test" : ""}`;
  return failed ? add(tally, { ...NONE, failed: 1, failedTests: [{ name: what, file: args.at(-1) ?? "" }] }) : tally;
}

/** A step that passes or fails as a whole. */
async function step(args: readonly string[]): Promise<Tally> {
  const { status, leaks } = await deno(args);
  const failed = { ...NONE, failed: 1, failedTests: [{ name: `deno ${args.join(" ")}`, file: "the gate" }] };
  return status === 0 && leaks === 0 ? { ...NONE, passed: 1 } : failed;
}

async function gate(folder: string): Promise<Tally> {
  let tally = NONE;
  for (const task of ["check", "lint", "fmt"]) tally = add(tally, await step(["task", task]));
  tally = add(tally, await counted(["task", "test:unit"], join(folder, "unit.xml")));
  for (const task of ["test:docs", "test:blocks"]) tally = add(tally, await step(["task", task]));
  return tally;
}

/** Does one step of the build. What this machine cannot make is skipped, but not in CI, which has a runtime to compile with. */
async function made(what: string, make: () => Promise<string>, options: { readonly reasons: string }): Promise<Tally> {
  const mustCompile = Deno.env.get("CI") === "true" && (Deno.env.get("DENORT_BIN") ?? "") !== "";
  console.log(`\n$ ${what}`);
  try {
    console.log(await make());
    return { ...NONE, passed: 1 };
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    console.log(`${error.message}\n  try:  ${error.remedy}`);
    if (mustCompile || !/cannot be downloaded|Cannot install/.test(error.message)) {
      return { ...NONE, failed: 1, failedTests: [{ name: what, file: "the build" }] };
    }
    const reason = `${what}\t${error.message}: ${error.remedy.replaceAll(/\s+/g, " ")}\n`;
    await Deno.writeTextFile(options.reasons, reason, { append: true });
    return { ...NONE, skipped: 1, skippedTests: [{ name: what, file: what }] };
  }
}

/** Makes both executables and the bundle that `tests/support/builds.ts` names; what was there before is not tested. */
async function builds(reasons: string): Promise<Tally> {
  const dist = join(ROOT, "dist");
  for (const name of ["mlflow-auth", "mlflow-auth-bun", "source"]) {
    await Deno.remove(join(dist, name), { recursive: true }).catch(() => undefined);
  }
  const source = () => bundle(join(ROOT, "src", "main.ts"), join(dist, "source"));
  const bundled = await made("deno bundle src/main.ts", source, { reasons });
  const deno = await made("deno task compile", () => compile({ runtime: "deno" }), { reasons });
  return add(add(bundled, deno), await made("deno task compile --bun", () => compile({ runtime: "bun" }), { reasons }));
}

/** The files of tests that paths name, those of a folder and of its folders too. */
const filesOf = (paths: readonly string[]): readonly string[] =>
  paths.map((path) => resolve(ROOT, path)).flatMap((path) => {
    if (path.endsWith(".ts")) return [path];
    const names = readdirSync(path, { recursive: true, encoding: "utf8" }).sort();
    return names.filter((name) => name.endsWith(".test.ts")).map((name) => join(path, name));
  });

/** Keeps every processor busy for minutes with other programs, and looks at no clock. */
const YIELDING = join(ROOT, "tests", "real", "shells.test.ts");

async function real(
  paths: readonly string[],
  { folder, reasons }: { readonly folder: string; readonly reasons: string },
): Promise<Tally> {
  const entries = await Promise.all(
    filesOf(paths).map(async (path, index) => {
      const entry = join(folder, `${index}_${basename(path)}`);
      await Deno.writeTextFile(entry, testModule([path]));
      return { entry, yields: path === YIELDING };
    }),
  );
  const config = ["--config", join(ROOT, "deno.json"), "--lock", join(ROOT, "deno.lock")];
  const tallies = [false, true].map(async (yields) => {
    const own = entries.filter((one) => one.yields === yields).map(({ entry }) => entry);
    if (own.length === 0) return NONE;
    const args = ["test", ...config, "--no-check", "--allow-all", ...own];
    return await counted(args, join(folder, `real-${yields}.xml`), { env: { [REASONS_FILE]: reasons }, yields });
  });
  return (await Promise.all(tallies)).reduce(add);
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    args: Deno.args,
    allowPositionals: true,
    options: { real: { type: "boolean" }, ground: { type: "boolean" }, "no-build": { type: "boolean" } },
  });
  const tally = await withTemporaryFolder(async (folder) => {
    const reasons = join(folder, "reasons");
    await Deno.writeTextFile(reasons, "");
    const folders = [values.ground === true ? "tests/ground" : "tests/real"];
    let sum = values.real === true || values.ground === true ? NONE : await gate(folder);
    if (values["no-build"] !== true) sum = add(sum, await builds(reasons));
    sum = add(sum, await real(positionals.length === 0 ? folders : positionals, { folder, reasons }));
    for (const line of notPassed(sum, await Deno.readTextFile(reasons))) console.log(line);
    return sum;
  });
  console.log(`\n${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);
  if (tally.failed > 0 || tally.passed === 0) Deno.exitCode = 1;
}
