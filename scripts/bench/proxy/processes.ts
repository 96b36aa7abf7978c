import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** Variables by name. */
export type Env = Readonly<Record<string, string>>;

export const sleep = (ms: number): Promise<void> => new Promise((go) => setTimeout(go, ms));

/** A size of a process, in MiB, as `/proc` names it: `VmRSS`, `RssAnon`, `VmHWM`. */
export const statusOf = (pid: number, name: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;

/** Processor time of processes, in microseconds. */
export const cpuOf = (pids: readonly number[]): number =>
  pids.map((pid) => {
    const words = (readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1] ?? "").split(" ");
    return (Number(words[11]) + Number(words[12])) * 10_000;
  }).reduce((sum, one) => sum + one, 0);

/** Runs a program to its end, and gives what it printed. */
export async function output(program: string, args: readonly string[]): Promise<string> {
  const { stdout, stderr, success } = await new Deno.Command(program, { args: [...args], stdin: "null" }).output();
  if (!success) throw new Error(`${program} failed: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}

/** How long a program takes to its end, in milliseconds. What it leaves running has no part in that. */
export async function ended(command: string, { args, env }: { readonly args: readonly string[]; readonly env: Env }) {
  const startedAt = performance.now();
  const none = { stdin: "null", stdout: "null", stderr: "null" } as const;
  const child = new Deno.Command(command, { args: [...args], env: { ...env }, clearEnv: true, ...none }).spawn();
  const { success } = await child.status;
  if (!success) throw new Error(`${args.join(" ")} failed`);
  return performance.now() - startedAt;
}

/** Starts a process, and reads its first line; the stack ends it. */
export async function start(stack: DisposableStack, [program, ...args]: readonly [string, ...string[]], env: Env) {
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  stack.defer(() => void child.kill("SIGKILL"));
  let line = "";
  for await (const chunk of child.stdout) {
    line += String(chunk);
    if (line.includes("\n")) break;
  }
  return { pid: child.pid ?? 0, line: line.trim() };
}

/** Starts nginx, and waits until it listens; gives its worker's pid and its own. */
export async function startNginx(
  stack: DisposableStack,
  { configuration, port }: { readonly configuration: string; readonly port: number },
): Promise<readonly number[]> {
  const child = spawn("nginx", ["-c", configuration, "-e", "stderr"], { stdio: ["ignore", "ignore", "inherit"] });
  stack.defer(() => void child.kill("SIGTERM"));
  for (let tries = 0; tries < 100; tries++) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      const workers = await output("pgrep", ["-P", String(child.pid)]);
      return [child.pid ?? 0, ...workers.trim().split("\n").map(Number)];
    } catch {
      await sleep(50);
    }
  }
  throw new Error("nginx does not listen");
}
