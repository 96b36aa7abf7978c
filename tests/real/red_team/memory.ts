import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { type Azure, startAzure } from "../../support/azure/start_azure.ts";
import type { ProgramBuild } from "../../support/builds.ts";
import { healthyEnv } from "../../support/run_program.ts";

/** What another process of the same user gets of a process, and how many core files it leaves when it crashes. */
export interface Dumps {
  readonly environ: "read" | "refused";
  /** Not asked of a command: a debugger that has just let go of a process may keep it from leaving a core file. */
  readonly debugger?: "attached" | "refused";
  /** `undefined` where the system does not write core files into the working folder. */
  readonly cores: number | undefined;
}

const NOBODY = 65534;

/** Root may do everything: the program and who looks at it run as somebody else then. */
const asUser: readonly string[] = process.getuid?.() === 0
  ? ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"]
  : [];

function run(command: readonly string[]): { readonly status: number; readonly text: string } {
  const [program = "", ...args] = [...asUser, ...command];
  try {
    return { status: 0, text: execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }) };
  } catch (error) {
    const { status, stdout, stderr } = error as {
      readonly status: number;
      readonly stdout: string;
      readonly stderr: string;
    };
    return { status, text: stdout + stderr };
  }
}

/** Waits until something is so; a slow machine only makes it wait longer. */
async function until(isSo: () => boolean, what: string): Promise<void> {
  for (let turn = 0; !isSo(); turn++) {
    assert.ok(turn < 1200, `${what} did not happen in 60 s`);
    await sleep(50);
  }
}

/** Looks at a process from outside, then lets it crash. */
async function dump(
  child: ChildProcess,
  { folder, attach }: { readonly folder: string; readonly attach: boolean },
): Promise<Dumps> {
  const pid = String(child.pid);
  const environ = run(["cat", `/proc/${pid}/environ`]).status === 0 ? "read" : "refused";
  const debugged = attach ? { debugger: tryDebugger(pid) } : {};
  const writes = readFileSync("/proc/sys/kernel/core_pattern", "utf8").startsWith("core");
  const end = once(child, "exit");
  child.kill("SIGABRT");
  await end;
  const cores = readdirSync(folder).filter((name) => name.startsWith("core")).length;
  return { environ, ...debugged, cores: writes ? cores : undefined };
}

/** Whether a debugger gets hold of a process. */
function tryDebugger(pid: string): "attached" | "refused" {
  const { text } = run(["gdb", "-p", pid, "-batch", "-nx", "-iex", "set auto-load no", "-ex", "info proc"]);
  return /Operation not permitted|Could not attach/i.test(text) ? "refused" : "attached";
}

async function dumpOf(
  build: ProgramBuild,
  { azure, folder, command }: { readonly azure: Azure; readonly folder: string; readonly command: string },
): Promise<Dumps> {
  mkdirSync(folder);
  chmodSync(folder, 0o777);
  const program = join(folder, basename(build.command[0]));
  copyFileSync(build.command[0], program);
  chmodSync(program, 0o755);
  const script = `ulimit -c unlimited; cd "$1"; shift; exec "$@"`;
  const words = ["/bin/sh", "-c", script, "sh", folder, program, "exec", "--", "/bin/sleep", "1000"];
  const [first = "", ...args] = [...asUser, ...words];
  const env = { PATH: process.env["PATH"] ?? "", ...await healthyEnv(azure), HOME: folder };
  const asked = azure.requests.length;
  const child = spawn(first, args, { env, stdio: "ignore" });
  const now = (): string => readFileSync(`/proc/${child.pid}/stat`, "utf8");
  if (command === "sleep") await until(() => now().includes("(sleep) S "), "the start of the command");
  else await until(() => azure.requests.length > asked, "the first request");
  return await dump(child, { folder, attach: command !== "sleep" });
}

/**
 * Lets another process of the same user look at the program while it waits for the vault, and at the command that it becomes.
 *
 * @param build the build, of one file
 * @returns what is seen of either
 */
export async function dumpsOf(build: ProgramBuild): Promise<{ readonly waiting: Dumps; readonly command: Dumps }> {
  await using azure = await startAzure();
  chmodSync(azure.folder, 0o755);
  const at = (name: string): string => join(azure.folder, name);
  const command = await dumpOf(build, { azure, folder: at("command"), command: "sleep" });
  azure.world.faults.push({ kind: "hang", service: "vault" });
  return { waiting: await dumpOf(build, { azure, folder: at("waiting"), command: "wait" }), command };
}
