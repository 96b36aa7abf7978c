import process from "node:process";
import type { Build } from "../core/host.ts";

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "x86_64", arm64: "aarch64" };
const SYSTEMS: Readonly<Record<string, string>> = {
  linux: "unknown-linux-gnu",
  darwin: "apple-darwin",
  win32: "pc-windows-msvc",
};

/** `scripts/compile.ts` puts another C library than glibc in its place. */
const LIBC = "@libc@";

/** `scripts/build/build.ts` puts the commit in its place. */
const COMMIT = "@commit@";

/** Which runtime runs this: both have `process`, only one of them is Bun. */
export const runtimeOf = (versions: Readonly<Record<string, string | undefined>>): "deno" | "bun" =>
  versions["bun"] === undefined ? "deno" : "bun";

/**
 * Names a platform as Rust and Deno do.
 *
 * @param arch the processor, as `process.arch` has it
 * @param platform the system, as `process.platform` has it
 * @param options
 * @param options.libc the C library, where it is not glibc
 * @returns such as `x86_64-unknown-linux-gnu`
 */
export function targetOf(arch: string, platform: string, { libc = "" }: { readonly libc?: string } = {}): string {
  const system = SYSTEMS[platform] ?? platform;
  return `${ARCHITECTURES[arch] ?? arch}-${libc === "musl" ? system.replace(/-gnu$/, "-musl") : system}`;
}

/**
 * Describes the build that runs.
 *
 * @returns the runtime, its version, the platform, whether it is a compiled executable, and its commit
 */
export function readBuild(): Build {
  const commit = /^[0-9a-f]{7,40}(-dirty)?$/.test(COMMIT) ? COMMIT : undefined;
  if (runtimeOf(process.versions) === "bun") {
    return {
      runtime: "bun",
      runtimeVersion: process.versions["bun"] ?? "",
      target: targetOf(process.arch, process.platform, { libc: LIBC }),
      // Where a compiled Bun program finds its own files.
      compiled: /^(\/\$bunfs\/|[A-Z]:[\\/]~BUN[\\/])/.test(process.argv[1] ?? ""),
      commit,
    };
  }
  return {
    runtime: "deno",
    runtimeVersion: Deno.version.deno,
    target: Deno.build.target,
    compiled: Deno.build.standalone,
    commit,
  };
}
