import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createServer } from "node:net";
import { mkdir, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { type Azure, startAzure } from "../../support/azure/start_azure.ts";
import { programBuilds } from "../../support/builds.ts";
import { healthyEnv, type Ran } from "../../support/run_program.ts";

type Env = Readonly<Record<string, string>>;

/** What every worker prints: who reads its output learns nothing of the credential. */
export const WORKER: readonly [string, string, string] = [
  "sh",
  "-c",
  'printf %s "${MLFLOW_TRACKING_TOKEN-none}" | sha256sum | cut -c 1-16',
];

const digest = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16);

/** What a worker prints that has the credential. */
export const HAS_TOKEN: string = digest("mlflow-token-canary");

/** A folder of a launcher's own, a stand-in for Azure, and the program. */
export interface Bench extends AsyncDisposable {
  readonly azure: Azure;
  /** Everything that the launcher may write to is below it, temporary files too. */
  readonly folder: string;
  readonly program: string;
  readonly env: Env;
  /** Starts what ends with the bench. */
  readonly daemon: (argv: readonly string[], env?: Env) => ChildProcess;
  /** Runs a command line to its end. */
  readonly run: (argv: readonly string[], env?: Env) => Promise<Ran>;
  /** Runs one and says how many of its workers had the credential, and how many requests were made. */
  readonly workers: (
    argv: readonly string[],
    env?: Env,
  ) => Promise<{ readonly with: number; readonly requests: number }>;
  /** Files below a folder that hold a credential, MLflow's or the client secret. */
  readonly leaks: (folder?: string) => Promise<readonly string[]>;
}

/** @returns the program to test, with the reason where there is none */
export function program(): { readonly path: string; readonly skip: string | false } {
  const [build] = programBuilds();
  return { path: build?.command[0] ?? "", skip: build?.skip ?? "no build" };
}

/**
 * Makes a bench.
 *
 * @returns the bench; its daemons end with it
 */
export async function makeBench(): Promise<Bench> {
  const azure = await startAzure();
  const folder = join(azure.folder, "launcher");
  await mkdir(join(folder, "tmp"), { recursive: true });
  const path = `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`;
  const env: Env = {
    PATH: path,
    TMPDIR: join(folder, "tmp"),
    ...await healthyEnv(azure),
    MLFLOW_AUTH_CACHE: "keyring",
  };
  const daemons: ChildProcess[] = [];
  const own = program().path;
  const run: Bench["run"] = async ([command = "", ...args], more = {}) => {
    const { code, stdout, stderr } = await new Deno.Command(command, {
      args,
      env: { ...env, ...more },
      clearEnv: true,
      cwd: folder,
      stdin: "null",
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { status: code, stdout: text(stdout), stderr: text(stderr) };
  };
  return {
    azure,
    folder,
    program: own,
    env,
    run,
    daemon: ([command = "", ...args], more = {}) => {
      const child = spawn(command, args, { env: { ...env, ...more }, cwd: folder, stdio: "ignore" });
      daemons.push(child);
      return child;
    },
    workers: async (argv, more) => {
      await run([own, "cache", "clear"]);
      const before = azure.requests.length;
      const { status, stdout, stderr } = await run(argv, more);
      if (status !== 0) throw new Error(`${argv.join(" ")} ended with ${status}: ${stderr.slice(0, 2000)}`);
      const lines = stdout.split("\n").filter((line) => line === HAS_TOKEN);
      return { with: lines.length, requests: azure.requests.length - before };
    },
    leaks: async (where = folder) => await leaksBelow(where, ["mlflow-token-canary", env["AZURE_CLIENT_SECRET"] ?? ""]),
    [Symbol.asyncDispose]: async () => {
      for (const child of daemons.reverse()) await end(child);
      await run([own, "cache", "clear"]);
      await azure.close();
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await ended;
  clearTimeout(timer);
}

async function leaksBelow(folder: string, secrets: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...await leaksBelow(path, secrets));
    if (!entry.isFile() || (await stat(path).catch(() => undefined))?.isFile() !== true) continue;
    const text = (await readFile(path).catch(() => new Uint8Array())).toString();
    if (secrets.some((secret) => secret !== "" && text.includes(secret))) found.push(path);
  }
  return found;
}

/** @returns ports of loopback that nobody listens on */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(Array.from({ length: count }, async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return server;
  }));
  const ports = servers.map((server) => Number(Object(server.address()).port));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Waits for something; under load it comes later. */
export async function until(seen: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const lateMs = Date.now() + 90_000;
  while (!await seen()) {
    if (Date.now() > lateMs) throw new Error(`${what} did not come`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
