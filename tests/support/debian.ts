import { spawnSync } from "node:child_process";
import process from "node:process";

/**
 * Finds a program, and installs the package that has it where this is a Debian on which this user may do so.
 *
 * @param program the program's name on PATH
 * @param packages the packages to install where it is not there
 * @returns whether it is there now
 */
export function debianProgram(program: string, ...packages: readonly string[]): boolean {
  const isThere = () => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
  if (isThere()) return true;
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const install = () =>
    spawnSync("apt-get", ["install", "-y", "--no-install-recommends", ...packages], { env, stdio: "ignore" }).status;
  if (install() !== 0 && spawnSync("apt-get", ["update"], { env, stdio: "ignore" }).status === 0) install();
  return isThere();
}
