import process from "node:process";
import { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { type Azure, startAzure } from "../../support/azure/start_azure.ts";
import type { ProgramBuild } from "../../support/builds.ts";
import { startTrackingServer, type TrackingServer } from "../../support/tracking_server.ts";

/** Variables by name. */
export type Env = Readonly<Record<string, string>>;

/** Azure, a small tracking server, and somebody who is set up in front of both. */
export interface Scene extends AsyncDisposable {
  readonly azure: Azure;
  readonly server: TrackingServer;
  readonly env: Env;
}

/**
 * Starts Azure and a tracking server that takes its secrets.
 *
 * @returns the scene; `await using` takes it down
 */
export async function startScene(): Promise<Scene> {
  await using stack = new AsyncDisposableStack();
  const azure = stack.use(await startAzure());
  const server = stack.use(await startTrackingServer());
  const home = await mkdtemp(join(azure.folder, "home-"));
  const env = {
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    HOME: home,
    DENO_NO_UPDATE_CHECK: "1",
    ...azure.vault(),
    ...azure.direct,
    ...await azure.identity("client-secret"),
    MLFLOW_TRACKING_URI: server.url,
  };
  const moved = stack.move();
  return { azure, server, env, [Symbol.asyncDispose]: () => moved.disposeAsync() };
}

/** A command that runs beside a proxy. */
export interface Beside extends AsyncDisposable {
  readonly child: ChildProcess;
  /** Id of the command, which the program has become. */
  readonly pid: number;
  readonly uri: string;
  readonly key: string;
  /** Id of the process that holds the credential. */
  readonly sidecar: number;
  /** Asks the tracking server through the proxy, with its key. */
  readonly ask: (path?: string) => Promise<number>;
}

/** What a command says first: its id, and where it was led. */
export const HELLO = 'echo "$$ $MLFLOW_TRACKING_URI $MLFLOW_TRACKING_TOKEN"';

/**
 * Starts a command through `exec --proxy`, and waits until it runs.
 *
 * @param build which build
 * @param scene Azure and the server
 * @param options what the shell does once it has said hello, what stands before the program, and how it is spawned
 * @returns the command; `await using` kills it
 */
export async function startBeside(
  build: ProgramBuild,
  scene: Scene,
  { then = "exec sleep 300", before = [], ...spawning }: SpawnOptions & {
    readonly then?: string;
    readonly before?: readonly string[];
  } = {},
): Promise<Beside> {
  const [program = "", ...args] = [
    ...before,
    ...build.command,
    "exec",
    "--proxy",
    "--",
    "sh",
    "-c",
    `${HELLO}; ${then}`,
  ];
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"], env: scene.env, ...spawning });
  const { pid, uri, key } = await hello(child);
  const sidecar = sidecarOf(pid);
  if (sidecar === undefined) throw new Error(`no sidecar of ${pid}`);
  return {
    child,
    pid,
    uri,
    key,
    sidecar,
    ask: async (path = "/version") => {
      const response = await fetch(`${uri}${path}`, { headers: { authorization: `Bearer ${key}` } });
      await response.body?.cancel();
      return response.status;
    },
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, "exit");
        kill(pid, "SIGKILL");
        child.kill("SIGKILL");
        await ended;
      }
    },
  };
}

/** Reads what a command says first. */
export async function hello(child: ChildProcess): Promise<{ pid: number; uri: string; key: string }> {
  let text = "";
  if (child.stdout === null) throw new Error("its output is not read");
  for await (const chunk of child.stdout) {
    text += String(chunk);
    const [, pid = "", uri = "", key = ""] = /^(\d+) (\S+) (\S*)\r?\n/m.exec(text) ?? [];
    if (pid !== "") return { pid: Number(pid), uri, key };
  }
  throw new Error(`the command said nothing: ${text}`);
}

const read = (path: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // The process has ended meanwhile.
    return "";
  }
};

/**
 * Finds the sidecar of a process.
 *
 * @param owner the process it ends with
 * @returns its id, or `undefined` where there is none
 */
export function sidecarOf(owner: number): number | undefined {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number).find((pid) => {
    const words = read(`/proc/${pid}/cmdline`).split("\0");
    const at = words.indexOf("sidecar");
    return at > 0 && words[at + 1] === String(owner);
  });
}

/** Whether a process runs; one that only its parent has not noticed has ended. */
export const runs = (pid: number): boolean =>
  existsSync(`/proc/${pid}`) && !/^State:\s+[ZX]/m.test(read(`/proc/${pid}/status`));

/**
 * Waits for the end of a process.
 *
 * @param pid the process
 * @returns how long it took, in milliseconds
 * @throws Error where it still runs after ten seconds
 */
export async function endOf(pid: number): Promise<number> {
  const from = performance.now();
  while (runs(pid)) {
    if (performance.now() - from > 10_000) throw new Error(`process ${pid} still runs`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return performance.now() - from;
}

/** Sends a signal to a process, or, with a negative id, to a group; one that has ended is no error. */
export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended.
  }
}

/** What a program that was run to its end gave. */
export interface Ended {
  readonly pid: number;
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end, which is when nobody writes to its output any more. Azure answers from this process meanwhile.
 *
 * @param words the program and its arguments
 * @param env its environment
 * @returns what it gave
 */
export async function run(words: readonly string[], env: Env): Promise<Ended> {
  const [program = "", ...args] = words;
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const text = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => void (text.stdout += String(chunk)));
  child.stderr.on("data", (chunk) => void (text.stderr += String(chunk)));
  const [status] = await once(child, "close") as [number | null];
  return { pid: child.pid ?? 0, status, ...text };
}
