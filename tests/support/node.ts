import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";

/** The versions of Node that the tests install: the action's own, and each line that people still run. */
export const NODES = ["18.20.8", "20.20.2", "22.14.0", "22.23.5", "24.21.0"] as const;

/**
 * Installs a Node once from npm, into `~/.cache/mlflow-auth-tests`.
 *
 * @param version such as `24.21.0`
 * @returns path of its executable; `undefined` where npm cannot bring one, and on other systems than Linux
 */
export function nodeFromNpm(version: string): string | undefined {
  if (process.platform !== "linux") return undefined;
  const name = `node-linux-${process.arch}`;
  const folder = join(homedir(), ".cache", "mlflow-auth-tests", `node-${version}`);
  const path = join(folder, "node_modules", name, "bin", "node");
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const args = ["install", "--silent", "--no-fund", "--no-audit", "--ignore-scripts", "--prefix", folder];
  try {
    execFileSync("npm", [...args, `${name}@${version}`], { stdio: "ignore", timeout: 120_000 });
  } catch {
    // No npm, or no way to its registry.
    return undefined;
  }
  return existsSync(path) ? path : undefined;
}
