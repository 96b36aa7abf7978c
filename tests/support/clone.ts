import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Copies the files of this clone that a build is made of, as they are now, and commits them; the same files have the same commit.
 *
 * @param to path of the new clone
 * @returns runs git there
 */
export function copyClone(to: string): (...args: readonly string[]) => string {
  const always = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "core.autocrlf=false"];
  const at = "2026-01-31T12:00:00Z";
  const env = { ...process.env, GIT_AUTHOR_DATE: at, GIT_COMMITTER_DATE: at };
  const git = (...args: readonly string[]): string =>
    execFileSync("git", ["-C", to, ...always, ...args], { encoding: "utf8", env });
  const options = { cwd: ROOT, encoding: "utf8" } as const;
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], options);
  for (const name of new Set(listed.split("\n"))) {
    if (!/^(?:scripts|src|action|packaging)\/|^[\w.-]+$/.test(name)) continue;
    mkdirSync(dirname(join(to, name)), { recursive: true });
    try {
      cpSync(join(ROOT, name), join(to, name));
    } catch (error) {
      // What is deleted is listed until the next commit.
      if ((error as { readonly code?: string }).code !== "ENOENT") throw error;
    }
  }
  git("init", "--quiet");
  return git;
}
