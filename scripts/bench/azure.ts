import { join } from "node:path";
import { ROOT } from "../build/build.ts";
import type { Env } from "./measure.ts";

/** What the stand-in for Azure says of itself. */
export interface AzureFacts {
  /** Variables that lead to it as `https://localhost:<port>`. */
  readonly direct: Env;
  /** Variables that name a vault and a secret of it, by Azure's names. */
  readonly vault: Env;
  readonly identities: Readonly<Record<string, Env>>;
  /** Path of the root to trust. */
  readonly caPath: string;
}

/**
 * Starts a process, and reads the first line that it prints.
 *
 * @param command the program with its arguments
 * @returns the process, and the line
 * @throws Error where it ends without one
 */
export async function started(
  [program = "", ...args]: readonly string[],
): Promise<{ readonly child: Deno.ChildProcess; readonly line: string }> {
  const child = new Deno.Command(program, { args, cwd: ROOT, stdin: "null", stdout: "piped", stderr: "inherit" })
    .spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`"${[program, ...args].join(" ")}" ended with status ${(await child.status).code}`);
    text += value;
  }
  reader.releaseLock();
  return { child, line: text.slice(0, text.indexOf("\n")) };
}

/**
 * Ends processes, the last first.
 *
 * @param children the processes
 */
export async function ended(children: readonly Deno.ChildProcess[]): Promise<void> {
  for (const child of children.toReversed()) {
    try {
      child.kill();
    } catch {
      // It has ended by itself.
    }
    await child.status;
    await child.stdout.cancel().catch(() => {});
  }
}

/**
 * The command that runs the stand-in for Azure: a process of its own, so that its work is not on the clock of the bench.
 *
 * @param args its arguments
 * @returns the command
 */
export const azureCommand = (...args: readonly string[]): readonly string[] => [
  Deno.execPath(),
  "run",
  "--quiet",
  "--no-check",
  "--allow-all",
  join(ROOT, "tests", "support", "azure", "main.ts"),
  ...args,
];

/**
 * Does something beside a stand-in for Azure on loopback.
 *
 * @param use what to do
 * @returns what that gave
 */
export async function withAzure<T>(use: (azure: AzureFacts) => Promise<T>): Promise<T> {
  const { child, line } = await started(azureCommand());
  try {
    return await use(JSON.parse(line) as AzureFacts);
  } finally {
    await ended([child]);
  }
}
