import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import process from "node:process";

/** A folder of every Debian, held while packages are installed: of two that do so at once one would fail. */
const HELD = "/var/lib/dpkg";

/** Whether the lists of packages have been asked for: where the archive cannot be reached, that takes long. */
let updated = false;

/**
 * Installs packages, all or none, where this is a Debian on which this user may do so.
 *
 * @param packages the packages
 */
export function installDebian(...packages: readonly string[]): void {
  if (process.platform !== "linux" || process.getuid?.() !== 0 || !existsSync(HELD)) return;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const aptGet = (...args: readonly string[]): boolean =>
    spawnSync("flock", [HELD, "apt-get", ...args], { env, stdio: "ignore", timeout: 600_000 }).status === 0;
  const install = () => aptGet("install", "-y", "--no-install-recommends", ...packages);
  if (install() || updated) return;
  updated = true;
  // It fails for one source of many, too.
  aptGet("update");
  install();
}

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
  installDebian(...packages);
  return isThere();
}
