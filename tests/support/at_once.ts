import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { setPriority, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { Ran } from "./run_program.ts";

/** How one of many ended. */
export interface OneOfMany extends Ran {
  /** From the moment when the barrier opened to its end, in milliseconds. */
  readonly endedMs: number;
}

/** Waits until somebody opens the FIFO to write, then becomes the command. */
const AT_THE_BARRIER = 'echo >&3 && exec 3>&- && : < "$0" && exec "$@"';

/**
 * Starts a command many times behind a barrier: every process is there and waits before the first one goes on.
 *
 * This process stands for services that have processors of their own, so that it goes before the others where it may.
 *
 * @param argv the command
 * @param options how often, and the whole environment
 * @returns how each ended, in the order of their start
 */
export async function atOnce(
  argv: readonly string[],
  { many, env }: { readonly many: number; readonly env: Readonly<Record<string, string>> },
): Promise<readonly OneOfMany[]> {
  const folder = mkdtempSync(join(tmpdir(), "mlflow-auth-barrier-"));
  const [barrier, ready] = ["barrier", "ready"].map((name) => join(folder, name));
  execFileSync("mkfifo", [barrier ?? "", ready ?? ""]);
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  let openedMs = 0;
  try {
    const waiting = await Deno.open(ready ?? "", { read: true, write: true });
    const children = Array.from({ length: many }, async (): Promise<OneOfMany> => {
      const args = ["-c", `exec 3>"$1" && shift && ${AT_THE_BARRIER}`, barrier ?? "", ready ?? "", ...argv];
      const ran = new Deno.Command("sh", { args, env: { ...env }, clearEnv: true, cwd: "/", stdin: "null" });
      const { code, stdout, stderr } = await ran.output();
      return { status: code, stdout: text(stdout), stderr: text(stderr), endedMs: performance.now() - openedMs };
    });
    for (let seen = 0; seen < many;) seen += await waiting.read(new Uint8Array(many)) ?? 0;
    waiting.close();
    if (process.getuid?.() === 0) setPriority(-15);
    const open = await Deno.open(barrier ?? "", { write: true });
    openedMs = performance.now();
    const ends = await Promise.all(children);
    open.close();
    return ends;
  } finally {
    if (process.getuid?.() === 0) setPriority(0);
    rmSync(folder, { recursive: true, force: true });
  }
}
