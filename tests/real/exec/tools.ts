import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Bench } from "./run_scenario.ts";

/** Whether a command is there. */
export function has(command: string): boolean {
  try {
    execFileSync("sh", ["-c", `command -v ${command}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/**
 * Compiles the probe and its launcher into a temporary folder.
 *
 * @param user the user and group that commands run as
 * @returns the bench, and what removes it
 */
export function makeBench(user?: number): { readonly bench: Bench; readonly remove: () => void } {
  const base = mkdtempSync(join(tmpdir(), "mlflow-auth-exec-"));
  chmodSync(base, 0o755);
  if (user !== undefined) chownSync(base, user, user);
  const build = (name: string): string => {
    const source = join(import.meta.dirname ?? ".", `${name}.c`);
    execFileSync("cc", ["-O1", "-o", join(base, name), source, "-lutil"], { stdio: ["ignore", "ignore", "inherit"] });
    return join(base, name);
  };
  return {
    bench: { base, probe: build("probe"), launch: build("launch"), ...(user === undefined ? {} : { user }) },
    remove: () => rmSync(base, { recursive: true, force: true }),
  };
}
