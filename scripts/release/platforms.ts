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
}

/** Every target, in the order of `TARGETS`. */
export const PLATFORMS: readonly Platform[] = [
  { target: "x86_64-unknown-linux-gnu", npm: "linux-x64", os: "linux", cpus: ["x64"] },
  { target: "aarch64-unknown-linux-gnu", npm: "linux-arm64", os: "linux", cpus: ["arm64"] },
  { target: "x86_64-apple-darwin", npm: "darwin-x64", os: "darwin", cpus: ["x64"] },
  { target: "aarch64-apple-darwin", npm: "darwin-arm64", os: "darwin", cpus: ["arm64"] },
  // Windows on ARM runs programs for x64.
  { target: "x86_64-pc-windows-msvc", npm: "win32-x64", os: "win32", cpus: ["x64", "arm64"] },
];

/**
 * The name of the executable on a target.
 *
 * @param platform the target
 * @returns `mlflow-auth`, or `mlflow-auth.exe`
 */
export const executableOf = ({ os }: Pick<Platform, "os">): string =>
  os === "win32" ? "mlflow-auth.exe" : "mlflow-auth";
