import type { Ancestor, Host } from "../core/host.ts";
import { isShellOfNpx, namesOf, STARTERS } from "./detect.ts";

/** Programs that run other programs' code: a launcher of ours only where that is a package manager's, or ours. */
const RUNTIMES: ReadonlySet<string> = new Set(["node", "bun", "deno", "python", "pypy"]);
const LAUNCHED = /^(?:npm|npx|pnpm|pnpx|yarn|corepack|bunx|uv|uvx|pipx|mlflow-auth)(?:-cli)?(?:\.[cm]?js|\.py)?$/;

/**
 * Finds the process that an `export` is for: the shell that evaluates what is printed, or the program that reads it. It is the nearest
 * one above us that merely starts others no more, and not a copy that a shell makes of itself for `$(…)`.
 *
 * @param caller the environment, and the processes above this one
 * @returns the process; `undefined` where only launchers are known
 *
 * @example
 * ```ts
 * import { findOwner } from "./owner.ts";
 * import assert from "node:assert/strict";
 *
 * const bash = { pid: 7, exe: "/bin/bash", argv: ["bash"], comm: "bash", layout: "1 2 3 4" };
 * const substitution = { ...bash, pid: 8 };
 * const timeout = { pid: 9, exe: "/usr/bin/timeout", argv: ["timeout", "9", "mlflow-auth"], comm: "timeout", layout: "5 6 7 8" };
 * assert.equal(findOwner({ env: {}, ancestors: [timeout, substitution, bash] })?.pid, 7);
 * ```
 */
export function findOwner(
  { env, ancestors }: { readonly env: Host["env"]; readonly ancestors: readonly Ancestor[] },
): Ancestor | undefined {
  const first = ancestors.findIndex((one, index) => !isLauncher(one) && !isShellOfNpx(ancestors, { index, env }));
  if (first < 0) return undefined;
  let at = first;
  while (isCopyOf(ancestors[at], ancestors[at + 1])) at++;
  return ancestors[at];
}

function isLauncher(process: Ancestor): boolean {
  const names = namesOf(process);
  const runtime = names.find((name) => RUNTIMES.has(name));
  if (runtime === undefined) return names.some((name) => STARTERS.has(name));
  // npm shows its command line as one word.
  return process.argv.slice(0, 4).flatMap((word) => word.split(" ")).some((word) =>
    LAUNCHED.test(word.slice(word.lastIndexOf("/") + 1))
  );
}

function isCopyOf(copy: Ancestor | undefined, original: Ancestor | undefined): boolean {
  if (copy === undefined || original === undefined || copy.layout === "") return false;
  return copy.layout === original.layout && copy.argv.join("\0") === original.argv.join("\0");
}
