import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The package managers that are not npm, as npm brings them. */
const PACKAGES = ["pnpm@10.0.0", "yarn@1.22.22", "@yarnpkg/cli-dist@4.18.1"] as const;

/** Paths of the scripts that a Node runs. */
export interface Managers {
  readonly pnpm: string;
  readonly yarn1: string;
  readonly yarn4: string;
}

/**
 * Installs the package managers once, into `~/.cache/mlflow-auth-tests`.
 *
 * @returns their scripts; `undefined` where npm cannot bring them
 */
export function npmManagers(): Managers | undefined {
  const folder = join(homedir(), ".cache", "mlflow-auth-tests", "npm-managers-1");
  const at = (...names: readonly string[]): string => join(folder, "node_modules", ...names);
  const managers = {
    pnpm: at("pnpm", "bin", "pnpm.cjs"),
    yarn1: at("yarn", "bin", "yarn.js"),
    yarn4: at("@yarnpkg", "cli-dist", "bin", "yarn.js"),
  };
  const areThere = () => Object.values(managers).every((path) => existsSync(path));
  if (areThere()) return managers;
  mkdirSync(folder, { recursive: true });
  const args = ["install", "--silent", "--no-fund", "--no-audit", "--ignore-scripts", "--prefix", folder];
  try {
    execFileSync("npm", [...args, ...PACKAGES], { stdio: "ignore", timeout: 120_000 });
  } catch {
    // No npm, or no way to its registry.
    return undefined;
  }
  return areThere() ? managers : undefined;
}
