import { lookup } from "node:dns/promises";
import { readdir } from "node:fs/promises";
import { homedir } from "node:os";
import process from "node:process";
import type { Host } from "../core/host.ts";
import { ignoredVariables } from "../core/ignored_variables.ts";
import type { Sockets } from "../core/sockets.ts";
import type { ProxyRoute } from "../core/proxy_route.ts";
import { ancestorsOf } from "./ancestors.ts";
import { readBuild } from "./build.ts";
import { readEntries } from "./exec/environment_entries.ts";
import { becomeCommand } from "./exec/exec.ts";
import { appendLines, isFile, readBytes, readText } from "./files.ts";
import { makeNoDelay } from "./no_delay.ts";
import { namesProxy } from "./proxies.ts";
import { makeSend } from "./send.ts";
import { makeSink } from "./sink.ts";
import { starvedMs } from "./starved.ts";
import { captureStart } from "./exec/start.ts";

const PLATFORMS: Readonly<Record<string, Host["platform"]>> = { linux: "linux", darwin: "darwin", win32: "windows" };

/** The folder of the user: HOME, or on Windows USERPROFILE, else what the system's list of users says. */
function homeOf(env: Host["env"]): string | undefined {
  const named = process.platform === "win32" ? env["USERPROFILE"] : env["HOME"];
  if (named !== undefined && named !== "") return named;
  try {
    return homedir();
  } catch {
    // A user without an entry, as in a container that runs under any id.
    return undefined;
  }
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal?.aborted === true) return Promise.resolve();
  const done = (): void => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", done);
    resolve();
  };
  const timer = setTimeout(done, ms);
  signal?.addEventListener("abort", done);
  return promise;
}

/** Turns of the event loop in which names can be looked up: a lookup that takes longer goes on beside what comes next. */
const MOST_TURNS = 5;

/** In the first one names are looked up, in the second connections are asked for, as a rule. */
const USUAL_TURNS = 2;

/**
 * Lets the event loop turn until connections are asked for: nobody asks while the program computes, though a name is looked up by then.
 *
 * @param begun whether they are; `undefined` where that cannot be known
 */
async function leave(begun: (() => boolean) | undefined): Promise<void> {
  const most = begun === undefined ? USUAL_TURNS : MOST_TURNS;
  for (let turns = 0; turns < most; turns++) {
    await sleep(0);
    if (begun?.() === true) return;
  }
}

function after(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}

/**
 * Makes the real world. To be called once, as the first thing the program does: what it notes of signals, descriptors, terminal
 * and environment is what a command gets back.
 *
 * @returns the host
 *
 * @example
 * ```ts ignore
 * import { makeHost } from "./host.ts";
 *
 * const host = makeHost();
 * await host.stdout.write(`${host.build.target}\n`);
 * ```
 */
export function makeHost(): Host {
  // Standard error is for what the program itself says: Deno 2.4 warns there about a module of its own.
  Object.assign(process, { noDeprecation: true });
  const build = readBuild();
  const start = captureStart(build.runtime, process.platform);
  const env = start === undefined ? { ...process.env } : readEntries(start.entries);
  // The roots of this one are read as a setting: the runtimes would trust them besides those of another.
  for (const name of [...ignoredVariables(env), "NODE_EXTRA_CA_CERTS"]) delete process.env[name];
  const way: { route: ProxyRoute; proxied: boolean } = { route: () => undefined, proxied: namesProxy(env) };
  const noDelay = build.runtime === "deno" && start !== undefined
    ? makeNoDelay({ native: start.native, after })
    : undefined;
  const sockets = async (): Promise<Sockets> =>
    build.runtime === "bun"
      ? (await import("./sockets/sockets_bun.ts")).bunSockets()
      : (await import("./sockets/sockets_deno.ts")).denoSockets();
  return {
    platform: PLATFORMS[process.platform] ?? "other",
    build,
    env,
    home: homeOf(env),
    now: () => Date.now(),
    workedMs: () => performance.now() - starvedMs(start?.files),
    randomHex: () =>
      [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join(""),
    after,
    sleep,
    leave: build.runtime === "deno" ? () => leave(noDelay?.begun) : () => Promise.resolve(),
    fetch: makeSend({
      runtime: build.runtime,
      proxied: () => way.proxied,
      route: (url) => way.route(url),
      sockets,
      connecting: noDelay?.connecting,
    }),
    useProxies: (route, variables) => {
      way.route = route;
      way.proxied = true;
      Object.assign(process.env, variables);
    },
    setVariable: (name, value) => void Object.assign(process.env, { [name]: value }),
    sockets,
    lookup: async (hostname) => (await lookup(hostname, { all: true })).map(({ address }) => address),
    listFolder: async (path) => (await readdir(path)).sort(),
    readBytes: async (path) => await readBytes(path, start?.files),
    readText: async (path) => await readText(path, start?.files),
    isFile,
    appendLines,
    exec: (argv, changes) => becomeCommand({ start, build, env, platform: process.platform }, { argv, changes }),
    keepOwnFile: async (path, text) => await (await import("./own_file.ts")).keepOwnFile(path, text),
    service: async () => (await import("./service.ts")).makeService(start?.native, env),
    giveCodeBack: async () => {
      if (start === undefined || process.platform !== "linux") return;
      (await import("./native/code_memory.ts")).giveCodeBack(start);
    },
    startSidecar: async (options = {}) => {
      if (start === undefined) return undefined;
      const { startSidecar } = await import("./sidecar/start_sidecar.ts");
      return startSidecar(start, { ...options, build, now: () => Date.now() });
    },
    becomeSidecar: async (args) => {
      if (start === undefined) return undefined;
      const { takeSidecar } = await import("./sidecar/own_sidecar.ts");
      return takeSidecar(start, { args, build });
    },
    keyring: async () => {
      if (start === undefined || process.platform !== "linux") return undefined;
      // Few runs need it.
      const { openKeyring } = await import("./keyring/keyring.ts");
      return openKeyring({ native: start.native, files: start.files, architecture: process.arch });
    },
    flight: async (name) => {
      if (start === undefined || process.platform !== "linux") return { is: "alone", because: "not on this system" };
      const { joinFlight } = await import("./flight/flight.ts");
      const { openUnixSockets } = await import("./flight/unix_socket.ts");
      const uid = Number(start.native.load({ geteuid: ":i" }).geteuid()) >>> 0;
      return joinFlight(name, { sockets: openUnixSockets(start.native), uid, rest: () => sleep(0) });
    },
    ancestors: () => ancestorsOf(start?.files, process.platform),
    stdout: makeSink(1, start),
    stderr: makeSink(2, start),
  };
}
