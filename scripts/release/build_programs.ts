import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BuildError, BUN_VERSION, withTemporaryFolder } from "../build/build.ts";
import { compile } from "../compile.ts";
import type { Program } from "./pack_release.ts";
import { executableOf, packagedRuntime, type Platform, PLATFORMS } from "./platforms.ts";

/** What could be built, and what not. */
export interface Built {
  readonly programs: readonly Program[];
  /** One for each target or runtime that this machine cannot build. */
  readonly missing: readonly BuildError[];
}

/** The version of the Deno that compiles, which is the one of the runtime. */
async function denoVersion(): Promise<string> {
  const deno = Deno.env.get("COMPILE_DENO") ?? Deno.execPath();
  const { stdout } = await new Deno.Command(deno, { args: ["--version"], env: { NO_COLOR: "1" } }).output();
  return /^deno (\S+)/.exec(new TextDecoder().decode(stdout))?.[1] ?? Deno.version.deno;
}

/** A target by the name that Bun has for it. */
const bunTarget = ({ cpus, libc }: Platform): string => `bun-linux-${cpus[0]}${libc === "musl" ? "-musl" : ""}`;

/**
 * Builds the program with Deno for every target whose runtime can be had, and with Bun for musl and for this machine.
 *
 * @param wanted targets that must be built; without any, every one that can be
 * @returns the programs, and what this machine cannot build
 * @throws BuildError where a wanted target cannot be built, or nothing can
 */
export async function buildPrograms(wanted: readonly string[]): Promise<Built> {
  const deno = { name: "deno", version: await denoVersion() } as const;
  const bun = { name: "bun", version: BUN_VERSION } as const;
  const programs: Program[] = [];
  const missing: BuildError[] = [];
  await withTemporaryFolder(async (folder) => {
    const platforms = wanted.length === 0 ? PLATFORMS : PLATFORMS.filter(({ target }) => wanted.includes(target));
    for (const platform of platforms) {
      const to = join(folder, platform.target, executableOf(platform));
      try {
        const runtime = packagedRuntime(platform) === "deno" ? deno : bun;
        const target = runtime === deno ? platform.target : bunTarget(platform);
        await compile({ runtime: runtime.name, target, out: to });
        programs.push({ platform, runtime, bytes: readFileSync(to) });
      } catch (error) {
        if (!(error instanceof BuildError) || wanted.length > 0) throw error;
        missing.push(error);
      }
    }
    const own = PLATFORMS.find(({ target }) => target === Deno.build.target);
    if (own === undefined || !platforms.includes(own)) return;
    const to = join(folder, "bun", executableOf(own));
    try {
      await compile({ runtime: "bun", out: to });
      programs.push({ platform: own, runtime: bun, bytes: readFileSync(to) });
    } catch (error) {
      if (!(error instanceof BuildError)) throw error;
      missing.push(error);
    }
  });
  if (!programs.some(({ platform, runtime }) => runtime.name === packagedRuntime(platform))) {
    throw missing[0] ??
      new BuildError(`Cannot build "${wanted.join(", ")}": it is no target`, "deno task release --help");
  }
  return { programs, missing };
}

/**
 * Takes programs that were built elsewhere, each on a runner of its own.
 *
 * @param folder holds `<target>/mlflow-auth`, or `mlflow-auth.exe`, and `bun-<target>/…` for the second builds, of Bun
 * @returns the programs
 * @throws BuildError where the one of a platform's packages is missing
 */
export async function takePrograms(folder: string): Promise<Built> {
  const deno = { name: "deno", version: await denoVersion() } as const;
  const bun = { name: "bun", version: BUN_VERSION } as const;
  const programs: Program[] = [];
  for (const platform of PLATFORMS) {
    const second = packagedRuntime(platform) === "deno" ? [[bun, "bun-"] as const] : [];
    const first = packagedRuntime(platform) === "deno" ? deno : bun;
    for (const [runtime, prefix] of [[first, ""] as const, ...second]) {
      const path = join(folder, `${prefix}${platform.target}`, executableOf(platform));
      if (existsSync(path)) programs.push({ platform, runtime, bytes: readFileSync(path) });
      else if (runtime === first) {
        throw new BuildError(
          `Cannot release "${platform.target}": ${path} is not there`,
          `build it on its own system: deno run -A scripts/release/build_programs.ts ${platform.target} ${folder}`,
        );
      }
    }
  }
  return { programs, missing: [] };
}

// On a runner of its own: build_programs.ts <target> <folder>
if (import.meta.main) {
  const [target = "", to = ""] = Deno.args;
  const { programs, missing } = await buildPrograms([target]);
  for (const { message } of missing) console.log(`left out: ${message}`);
  for (const { platform, runtime, bytes } of programs) {
    const folder = join(to, `${runtime.name === packagedRuntime(platform) ? "" : "bun-"}${platform.target}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, executableOf(platform)), bytes, { mode: 0o755 });
    console.log(join(folder, executableOf(platform)));
  }
}
