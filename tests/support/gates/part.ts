import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { access, constants } from "node:fs/promises";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { installDebian } from "../debian.ts";

/** A real program that runs for a test. */
export interface Part extends AsyncDisposable {
  /** What it has printed so far. */
  readonly output: () => string;
}

const START_MS = 90_000;

/** Ends the program when its own standard input does, so that it does not outlive a test that is killed. */
const KEEPER = 'exec 3<&0; "$@" </dev/null 3<&- & program=$!; (cat <&3 >/dev/null; kill $program) & wait $program';

/**
 * Finds a program, and installs it where this machine can.
 *
 * @param name the program's name
 * @param apt Debian's package that holds it
 * @returns its path, or `undefined` where it is not there and cannot be had
 */
export async function findProgram(name: string, apt: string): Promise<string | undefined> {
  const found = await onPath(name);
  if (found !== undefined) return found;
  installDebian(apt);
  return await onPath(name);
}

async function onPath(name: string): Promise<string | undefined> {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/usr/local/go/bin"];
  for (const folder of folders.filter((one) => one !== "")) {
    const path = join(folder, name);
    if (await access(path, constants.X_OK).then(() => true, () => false)) return path;
  }
  return undefined;
}

/**
 * Runs a program to its end.
 *
 * @param command the program
 * @param args its arguments
 * @param options variables over the machine's own, and the folder to run in
 * @returns what it printed
 */
export function run(
  command: string,
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string } = {},
): Promise<string> {
  const env = { ...process.env, ...options.env };
  return new Promise((resolve, reject) => {
    execFile(command, [...args], { ...options, env, maxBuffer: 16 << 20 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`Cannot run "${command} ${args.join(" ")}": ${stderr.slice(-1000)}`, { cause: error }));
    });
  });
}

/** @returns a port of 127.0.0.1 on which nothing listens now */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("The port has no number");
  return address.port;
}

/**
 * Starts a program and waits until it answers.
 *
 * @param argv the program and its arguments
 * @param options its whole environment, its folder, and a URL that answers when it is there, or `tcp:PORT`
 * @returns the program; `await using` ends it, with whatever it started
 * @throws Error with the end of what it printed, where it does not start
 */
export async function startPart(
  argv: readonly [string, ...string[]],
  options: { readonly env: Readonly<Record<string, string>>; readonly cwd: string; readonly answers: string },
): Promise<Part> {
  const [command] = argv;
  const child = spawn("/bin/sh", ["-c", KEEPER, "sh", ...argv], {
    cwd: options.cwd,
    env: options.env,
    stdio: ["pipe", "pipe", "pipe"],
    detached: process.platform !== "win32",
  });
  let text = "";
  child.stdout.on("data", (chunk) => text += String(chunk));
  child.stderr.on("data", (chunk) => text += String(chunk));
  const ended = new AbortController();
  child.once("error", (error) => ended.abort(error));
  child.once("exit", () => ended.abort(new Error(`${command} ended: ${text.slice(-2000)}`)));
  try {
    await untilAnswers(options.answers, { ended: ended.signal });
  } catch (error) {
    await end(child);
    throw new Error(`${command} does not answer: ${text.slice(-2000)}`, { cause: error });
  }
  return { output: () => text, [Symbol.asyncDispose]: () => end(child) };
}

/** Any answer will do: what it says is the test's business. */
async function untilAnswers(url: string, { ended }: { readonly ended: AbortSignal }): Promise<void> {
  const lateMs = Date.now() + START_MS;
  for (;;) {
    ended.throwIfAborted();
    if (Date.now() > lateMs) throw new Error(`no answer within ${START_MS} ms`);
    try {
      if (url.startsWith("tcp:")) return (await Deno.connect({ port: Number(url.slice(4)) })).close();
      const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(10_000) });
      await response.body?.cancel();
      return;
    } catch {
      await sleep(100);
    }
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, "exit");
  const { pid } = child;
  child.stdin?.end();
  const late = setTimeout(() => {
    try {
      process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
    } catch {
      // It ended meanwhile.
    }
  }, 5_000);
  await gone;
  clearTimeout(late);
}
