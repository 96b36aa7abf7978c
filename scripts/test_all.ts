/**
 * Everything: the gate, both builds, then `tests/real` against them. `deno task test`, or `deno task test:real [<file>...]` without
 * the gate.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { REASONS_FILE } from "../tests/support/skip.ts";
import { BuildError, bundle, ROOT, withTemporaryFolder } from "./build.ts";
import { compile } from "./compile.ts";
import { add, NONE, readJunit, type Tally } from "./junit.ts";

/** Variables that would make a program under test somebody, or lead it somewhere. */
const FOREIGN = /^(?:AZURE_|MLFLOW_|ACTIONS_|IDENTITY_|MSI_|IMDS_|SYSTEM_|GITHUB_|DATABRICKS_)/;

/** A port on which nobody listens, so that nothing asks a real metadata service. */
const NOBODY = "http://127.0.0.1:9";

/** The environment that tests start with: tools are found and packages installed as on this machine, and nothing else is known. */
function environment(extra: Readonly<Record<string, string>>): Record<string, string> {
  const own = Object.entries(Deno.env.toObject()).filter(([name]) => !FOREIGN.test(name));
  return { ...Object.fromEntries(own), AZURE_POD_IDENTITY_AUTHORITY_HOST: NOBODY, NO_COLOR: "1", ...extra };
}

/** Starts `deno` with what it prints going where this program prints, and gives its status. */
async function deno(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<number> {
  console.log(`\n$ deno ${args.join(" ")}`);
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: ROOT,
    env: environment(env),
    clearEnv: true,
    stdin: "null",
  });
  return (await child.spawn().status).code;
}

/** Runs tests and counts them by their report, which a test cannot imitate by what it prints. */
async function counted(
  args: readonly string[],
  report: string,
  env?: Readonly<Record<string, string>>,
): Promise<Tally> {
  const status = await deno([...args, `--junit-path=${report}`], env);
  const tally = existsSync(report) ? readJunit(await Deno.readTextFile(report)) : NONE;
  return status !== 0 && tally.failed === 0 ? add(tally, { ...NONE, failed: 1 }) : tally;
}

/** A step that passes or fails as a whole. */
async function step(args: readonly string[]): Promise<Tally> {
  return await deno(args) === 0 ? { ...NONE, passed: 1 } : { ...NONE, failed: 1 };
}

async function gate(folder: string): Promise<Tally> {
  let tally = NONE;
  for (const task of ["check", "lint", "fmt"]) tally = add(tally, await step(["task", task]));
  tally = add(tally, await counted(["task", "test:unit"], join(folder, "unit.xml")));
  return add(tally, await step(["task", "test:docs"]));
}

/** Makes both executables and the bundle that `tests/support/builds.ts` names. What cannot be made here is skipped, but not in CI. */
async function builds(): Promise<Tally> {
  const mustCompile = Deno.env.get("CI") === "true" && (Deno.env.get("DENORT_BIN") ?? "") !== "";
  let tally = NONE;
  for (const name of ["mlflow-auth", "mlflow-auth-bun"]) {
    await Deno.remove(join(ROOT, "dist", name)).catch(() => undefined);
  }
  await Deno.remove(join(ROOT, "dist", "source"), { recursive: true }).catch(() => undefined);
  await bundle(join(ROOT, "src", "main.ts"), join(ROOT, "dist", "source"));
  for (const runtime of ["deno", "bun"] as const) {
    console.log(`\n$ deno task compile${runtime === "bun" ? " --bun" : ""}`);
    try {
      console.log(await compile({ runtime }));
      tally = add(tally, { ...NONE, passed: 1 });
    } catch (error) {
      if (!(error instanceof BuildError)) throw error;
      console.log(`${error.message}\n  try:  ${error.remedy}`);
      const skip = !mustCompile && /cannot be downloaded|Cannot install/.test(error.message);
      tally = add(tally, skip ? { ...NONE, skipped: 1, skippedNames: [`compile ${runtime}`] } : { ...NONE, failed: 1 });
    }
  }
  return tally;
}

async function real(paths: readonly string[], folder: string): Promise<Tally> {
  const reasons = join(folder, "reasons");
  await Deno.writeTextFile(reasons, "");
  const tally = await counted(
    ["test", "--no-check", "--allow-all", ...(paths.length === 0 ? ["tests/real"] : paths)],
    join(folder, "real.xml"),
    { [REASONS_FILE]: reasons },
  );
  const why = new Set((await Deno.readTextFile(reasons)).split("\n").filter((line) => line !== ""));
  if (tally.skipped > 0) {
    console.log("\nSkipped:");
    for (const name of tally.skippedNames) console.log(`  ${name}`);
    console.log("because");
    for (const reason of why) console.log(`  ${reason}`);
  }
  return tally;
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    args: Deno.args,
    allowPositionals: true,
    options: { real: { type: "boolean" }, "no-build": { type: "boolean" } },
  });
  const tally = await withTemporaryFolder(async (folder) => {
    let sum = values.real === true ? NONE : await gate(folder);
    if (values["no-build"] !== true) sum = add(sum, await builds());
    return add(sum, await real(positionals, folder));
  });
  console.log(`\n${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);
  if (tally.failed > 0 || tally.passed === 0) Deno.exitCode = 1;
}
