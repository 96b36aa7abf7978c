import { execFileSync } from "node:child_process";
import process from "node:process";
import { nodeFromNpm } from "../../support/node.ts";
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
  const path = nodeFromNpm(VERSION) ?? which("node");
  if (path === undefined) return undefined;
  const version = execFileSync(path, ["--version"], { env: CLEAN, encoding: "utf8" });
  return { path, major: Number(/^v(\d+)/.exec(version)?.[1] ?? 0) };
}
