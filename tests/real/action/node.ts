import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { CLEAN, which } from "../shells/run.ts";

/** A release of the version that `action.yml` asks for. */
const VERSION = "24.21.0";

/** A Node that can run the action. */
export interface ActionNode {
  readonly path: string;
  readonly major: number;
}

/**
 * The Node that `action.yml` names, which npm brings to Linux, else the machine's own.
 *
 * @returns it, or `undefined` where there is none, and on Windows, whose shells these tests do not know
 */
export function actionNode(): ActionNode | undefined {
  if (process.platform === "win32") return undefined;
  const path = fromNpm() ?? which("node");
  if (path === undefined) return undefined;
  const version = execFileSync(path, ["--version"], { env: CLEAN, encoding: "utf8" });
  return { path, major: Number(/^v(\d+)/.exec(version)?.[1] ?? 0) };
}

function fromNpm(): string | undefined {
  if (process.platform !== "linux") return undefined;
  const name = `node-linux-${process.arch}`;
  const folder = join(homedir(), ".cache", "mlflow-auth-tests", `node-${VERSION}`);
  const path = join(folder, "node_modules", name, "bin", "node");
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const args = ["install", "--silent", "--no-fund", "--no-audit", "--ignore-scripts", "--prefix", folder];
  try {
    execFileSync("npm", [...args, `${name}@${VERSION}`], { stdio: "ignore", timeout: 120_000 });
  } catch {
    // The machine's own Node will do.
    return undefined;
  }
  return existsSync(path) ? path : undefined;
}
