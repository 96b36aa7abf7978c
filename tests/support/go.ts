import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";

/** A program of the Go module proxy. */
export interface GoProgram {
  /** Path of its package, such as `github.com/rhysd/actionlint/cmd/actionlint`. */
  readonly from: string;
  /** A tag, such as `v1.7.12`. */
  readonly version: string;
}

/** Longest that a build may take: a large one needs minutes of two processors. */
const TIMEOUT_MS = 900_000;

/**
 * Builds a program once, into `~/.cache/mlflow-auth-tests`.
 *
 * @param program which one
 * @returns its path; `undefined` where Go is not there or cannot fetch it
 */
export function goProgram({ from, version }: GoProgram): string | undefined {
  // The last word that is no major version: .../caddy/v2/cmd/caddy, and .../oauth2-proxy/v7.
  const name = from.split("/").findLast((word) => !/^v\d+$/.test(word)) ?? from;
  const folder = join(homedir(), ".cache", "mlflow-auth-tests", `${name}-${version}`);
  const path = join(folder, `${name}${process.platform === "win32" ? ".exe" : ""}`);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  try {
    const env = { ...process.env, GOBIN: folder };
    execFileSync("go", ["install", `${from}@${version}`], { env, stdio: "ignore", timeout: TIMEOUT_MS });
  } catch {
    // No Go, or no way to its proxy: the test is skipped.
    return undefined;
  }
  return path;
}

/**
 * Why a test is skipped that needs a program of Go's.
 *
 * @param program which one
 * @returns one line, with what installs it
 */
export const withoutGo = ({ from, version }: GoProgram): string =>
  `${
    from.split("/").at(-1)
  } is not there: install Go, and let it reach its module proxy (go install ${from}@${version})`;
