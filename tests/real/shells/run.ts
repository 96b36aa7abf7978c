import process from "node:process";
import { Buffer } from "node:buffer";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { installDebian } from "../../support/debian.ts";

/** The environment of every process: nothing of the caller's. */
export const CLEAN: Readonly<Record<string, string>> = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  HOME: "/nonexistent",
  LC_ALL: "C.UTF-8",
  TERM: "dumb",
};

/** How a process ended. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a process is started with. */
export interface Start {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

// Old shells close every descriptor that they might have, for each command: a high limit makes them slow.
const LIMITED = 'ulimit -n 256 && exec "$@"';

/** Runs a program to its end, with a clean environment. */
export function run(argv: readonly string[], { cwd, env = {}, input = "" }: Start): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn("/bin/sh", ["-c", LIMITED, "sh", ...argv], {
      cwd,
      env: { ...CLEAN, ...env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    const chunks = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
    child.stdout.on("data", (chunk: Uint8Array) => chunks.stdout.push(chunk));
    child.stderr.on("data", (chunk: Uint8Array) => chunks.stderr.push(chunk));
    child.stdin.on("error", () => {});
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, stdout: text(chunks.stdout), stderr: text(chunks.stderr) }));
    child.stdin.end(input);
  });
}

// Not lossy by accident: bytes that are not UTF-8 become U+FFFD, which then differs from the value.
function text(chunks: readonly Uint8Array[]): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(new Uint8Array(Buffer.concat(chunks)));
}

/** Runs jobs, as many at once as there are processors. */
export async function pooled<T>(jobs: readonly (() => Promise<T>)[]): Promise<readonly T[]> {
  const results: T[] = [];
  const queue = jobs.entries();
  const worker = async (): Promise<void> => {
    for (const [index, job] of queue) results[index] = await job();
  };
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, worker));
  return results;
}

/** A working folder; in its folder `traps` lie names that an unprotected pattern would match. It goes away with its variable. */
export function trapFolder(): AsyncDisposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), "shells-"));
  mkdirSync(join(path, "traps"));
  for (const name of TRAPS) writeFileSync(join(path, "traps", name), "");
  return {
    path,
    [Symbol.asyncDispose]: () => {
      rmSync(path, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
}

const TRAPS = [
  "a",
  "b",
  "ab",
  "'",
  '"',
  "`",
  "\\",
  "-n",
  "-e",
  "export",
  "unset",
  "eval",
  "T",
  "0",
  "101",
  " ",
  "é",
  "$X",
  "[a]",
];

/** The path of a program, if there is one. */
export function which(program: string): string | undefined {
  try {
    return execFileSync("/bin/sh", ["-c", 'command -v "$1"', "sh", program], { env: CLEAN, encoding: "utf8" }).trim();
  } catch {
    return undefined;
  }
}

/** Why a test is skipped, or `false` where its program is there. */
export function missing(
  { program, packages }: { readonly program: string; readonly packages: string },
): string | false {
  return which(program) === undefined ? `apt-get install ${packages}` : false;
}

/** Installs Debian packages, each for itself; what cannot be had is then skipped by its test. */
export function install(packages: readonly string[]): void {
  for (const one of packages.filter((names) => names !== "")) {
    console.log(`apt-get install ${one}`);
    installDebian(...one.split(" "));
  }
}

/** The Nushell that npm carries, kept in the cache folder; `undefined` where it cannot be had. */
export function nushell(): string | undefined {
  const folder = join(homedir(), ".cache", "mlflow-auth-tests", "nushell-0.115.1");
  // The file itself: the command in .bin is a script that starts it.
  const path = join(folder, "node_modules", "@nushell", `${process.platform}-${process.arch}`, "bin", "nu");
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const args = ["install", "--silent", "--no-fund", "--no-audit", "--prefix", folder, "nushell@0.115.1"];
  try {
    execFileSync("npm", args, { stdio: "ignore", timeout: 120_000 });
  } catch {
    return undefined;
  }
  return existsSync(path) ? path : undefined;
}
