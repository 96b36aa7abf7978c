import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { DENO_VERSION } from "../../../scripts/build/build.ts";
import { debianRoot } from "../../support/debian_root.ts";

const PACKAGES = { release: "bookworm", packages: ["libc6-arm64-cross", "libgcc-s1-arm64-cross", "qemu-user-static"] };

/**
 * What runs programs for arm64 here: an emulator of the processor, on this kernel.
 *
 * @returns the words before a program; `undefined` where Debian's packages cannot be had
 */
export function arm64Emulator(): readonly [string, ...string[]] | undefined {
  const root = debianRoot(PACKAGES);
  if (root === undefined) return undefined;
  return [join(root, "usr", "bin", "qemu-aarch64-static"), "-L", join(root, "usr", "aarch64-linux-gnu")];
}

/**
 * Installs Deno for arm64 once from npm, into `~/.cache/mlflow-auth-tests`.
 *
 * @returns its path; `undefined` where npm cannot bring it
 */
export function arm64Deno(): string | undefined {
  const folder = join(homedir(), ".cache", "mlflow-auth-tests", `deno-arm64-${DENO_VERSION}`);
  const path = join(folder, "node_modules", "@deno", "linux-arm64-glibc", "deno");
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  // It is for another processor than this one's, which npm has to be told.
  const args = ["install", "--silent", "--no-fund", "--no-audit", "--ignore-scripts", "--force", "--prefix", folder];
  try {
    execFileSync("npm", [...args, `@deno/linux-arm64-glibc@${DENO_VERSION}`], { stdio: "ignore", timeout: 120_000 });
  } catch {
    // No npm, or no way to its registry.
    return undefined;
  }
  return existsSync(path) ? path : undefined;
}
