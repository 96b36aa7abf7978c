import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { ROOT, withTemporaryFolder } from "./build/build.ts";
import { compileBunProgram } from "./build/compile_bun_program.ts";
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
    const libc = target?.endsWith("-musl") === true ? "musl" : undefined;
    await compileBunProgram({ folder, to, target, libc });
  });
  return to;
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
