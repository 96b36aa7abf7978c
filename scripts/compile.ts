import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compileBun, ROOT, withTemporaryFolder } from "./build/build.ts";
import { bundle } from "./build/bundle.ts";
import { runScript } from "./build/run_script.ts";
import { compileProgram } from "./build/compile_program.ts";

/** Which executable to make. */
export interface Wanted {
  readonly runtime: "deno" | "bun";
  readonly target?: string | undefined;
  /** Path of the executable; by default below `dist/`. */
  readonly out?: string | undefined;
}

/**
 * Makes an executable of the program.
 *
 * @param wanted which one
 * @returns its path
 * @throws BuildError with the remedy, where it cannot be made
 */
export async function compile({ runtime, target, out }: Wanted): Promise<string> {
  const windows = (target ?? Deno.build.target).includes("windows");
  const name = `mlflow-auth${runtime === "bun" ? "-bun" : ""}${target === undefined ? "" : `-${target}`}`;
  const to = out ?? join(ROOT, "dist", `${name}${windows ? ".exe" : ""}`);
  mkdirSync(join(to, ".."), { recursive: true });
  await withTemporaryFolder(async (folder) => {
    if (runtime === "deno") return await compileProgram({ folder, to, target });
    const from = await bundle(join(ROOT, "src", "main.ts"), folder);
    if (target?.endsWith("-musl") === true) nameLibc(folder, "musl");
    await compileBun({ from, to, target });
  });
  return to;
}

/** `src/host/build.ts` has the place of the C library, which a program does not learn from its runtime. */
function nameLibc(folder: string, libc: string): void {
  for (const path of readdirSync(folder).map((name) => join(folder, name))) {
    writeFileSync(path, readFileSync(path, "utf8").replaceAll("@libc@", libc));
  }
}

const USAGE = `Make dist/mlflow-auth, or dist/mlflow-auth-bun.

Usage:
    deno task compile [--target <target>] [--out <path>] [--bun]
`;

if (import.meta.main) {
  const options = { bun: { type: "boolean" }, out: { type: "string" }, target: { type: "string" } } as const;
  Deno.exitCode = await runScript({ name: "compile", usage: USAGE, options, args: Deno.args }, async (values) => {
    const { bun = false, target, out } = values;
    const path = await compile({ runtime: bun ? "bun" : "deno", target, out });
    console.log(`${path}  ${(statSync(path).size / 1024 / 1024).toFixed(1)} MB`);
  });
}
