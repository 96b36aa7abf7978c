import type { TARGETS } from "../build/build.ts";

/** A target of a release, by its names elsewhere. */
export interface Platform {
  readonly target: (typeof TARGETS)[number];
  /** Its npm package, `@mlflow-auth/<npm>`. */
  readonly npm: string;
  /** `process.platform` of Node. */
  readonly os: "linux" | "darwin" | "win32";
  /** Values of `process.arch` of Node that can run it. */
  readonly cpus: readonly string[];
  /** On Linux, the C library. */
  readonly libc?: "glibc" | "musl";
}

/** Every target, in the order of `TARGETS`. */
export const PLATFORMS: readonly Platform[] = [
  { target: "x86_64-unknown-linux-gnu", npm: "linux-x64", os: "linux", cpus: ["x64"], libc: "glibc" },
  { target: "aarch64-unknown-linux-gnu", npm: "linux-arm64", os: "linux", cpus: ["arm64"], libc: "glibc" },
  { target: "x86_64-unknown-linux-musl", npm: "linux-x64-musl", os: "linux", cpus: ["x64"], libc: "musl" },
  { target: "aarch64-unknown-linux-musl", npm: "linux-arm64-musl", os: "linux", cpus: ["arm64"], libc: "musl" },
  { target: "x86_64-apple-darwin", npm: "darwin-x64", os: "darwin", cpus: ["x64"] },
  { target: "aarch64-apple-darwin", npm: "darwin-arm64", os: "darwin", cpus: ["arm64"] },
  // Windows on ARM runs programs for x64.
  { target: "x86_64-pc-windows-msvc", npm: "win32-x64", os: "win32", cpus: ["x64", "arm64"] },
];

/**
 * The runtime of the build that packages and installers bring to a platform: Deno's, the one that keeps `exec` faithful, but where there
 * is none.
 *
 * @param platform the target
 * @returns its name
 */
export const packagedRuntime = ({ libc }: Pick<Platform, "libc">): "deno" | "bun" => libc === "musl" ? "bun" : "deno";

/**
 * The name of the executable on a target.
 *
 * @param platform the target
 * @returns `mlflow-auth`, or `mlflow-auth.exe`
 */
export const executableOf = ({ os }: Pick<Platform, "os">): string =>
  os === "win32" ? "mlflow-auth.exe" : "mlflow-auth";
