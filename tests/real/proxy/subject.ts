import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Azure } from "../../support/azure/start_azure.ts";
import type { ProgramBuild } from "../../support/builds.ts";
import { findSecret } from "../../support/canary.ts";
import type { Pair } from "../../support/tls.ts";
import { startUpstream, type Upstream } from "./upstream.ts";
import { type Wire, wireOf } from "./wire.ts";

/** A proxy under test, between a program and a tracking server that a test scripts. */
export interface Subject extends AsyncDisposable {
  readonly upstream: Upstream;
  readonly port: number;
  readonly pid: number;
  readonly key: string;
  /** `Host` and the key: what most requests need. */
  readonly fields: string;
  /** Opens a connection to the proxy, and says something there. */
  readonly send: (text: string) => Promise<Wire>;
  /** What it has printed to standard error. */
  readonly log: () => string;
  readonly child: ChildProcess;
}

/** How a proxy under test is started. */
export interface SubjectOptions {
  readonly azure: Azure;
  readonly env?: Readonly<Record<string, string>>;
  /** What the tracking server shows over TLS; none is plain http. */
  readonly tls?: Pair;
  /** Root that signed it, as PEM text. */
  readonly root?: string;
  /** Path of the tracking URI. */
  readonly path?: string;
  readonly args?: readonly string[];
}

/** Stores a token in the vault of the stand-in. */
export function store(azure: Azure, token: string): void {
  const version = azure.world.vaults[0]?.secrets.get("mlflow")?.at(-1);
  if (version === undefined) throw new Error("the vault holds no secret");
  version.value = JSON.stringify({ token });
}

/** The token that the vault holds first. */
export const FIRST = "canary-token-1";

/**
 * Starts `mlflow-auth proxy` in front of a tracking server that a test scripts.
 *
 * @param build which build
 * @param options Azure, and what is to be otherwise
 * @returns the proxy; `await using` ends both
 */
export async function startSubject(build: ProgramBuild, options: SubjectOptions): Promise<Subject> {
  const { azure, tls, root, path = "", args = [] } = options;
  store(azure, FIRST);
  const upstream = startUpstream(tls);
  const home = join(azure.folder, `home-${crypto.randomUUID()}`);
  await mkdir(home);
  if (root !== undefined) await writeFile(join(home, "root.pem"), root);
  const env = {
    PATH: "/usr/bin:/bin",
    HOME: home,
    ...azure.vault(),
    ...azure.direct,
    ...await azure.identity("client-secret"),
    MLFLOW_SECRETS_LOG_LEVEL: "DEBUG",
    MLFLOW_TRACKING_URI: `${tls === undefined ? "http" : "https"}://localhost:${upstream.port}${path}`,
    ...(root === undefined ? {} : { MLFLOW_TRACKING_SERVER_CERT_PATH: join(home, "root.pem") }),
    ...options.env,
  };
  const [program, ...words] = build.command;
  const child = spawn(program, [...words, "proxy", ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  child.stderr.on("data", (bytes) => void (log += String(bytes)));
  let line = "";
  for await (const chunk of child.stdout) {
    line += String(chunk);
    if (line.includes("\n")) break;
  }
  if (!line.includes("\n")) {
    upstream[Symbol.dispose]();
    throw new Error(`the proxy did not start: ${log}`);
  }
  const { uri, key = "" } = JSON.parse(line) as { readonly uri: string; readonly key?: string };
  const port = Number(new URL(uri).port);
  return {
    upstream,
    port,
    pid: child.pid ?? 0,
    key,
    fields: `Host: 127.0.0.1:${port}\r\nAuthorization: Bearer ${key}\r\n`,
    send: async (text) => {
      const wire = wireOf(await Deno.connect({ hostname: "127.0.0.1", port }));
      await wire.say(text);
      return wire;
    },
    log: () => log,
    child,
    [Symbol.asyncDispose]: async () => {
      upstream[Symbol.dispose]();
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, "exit");
        child.kill("SIGKILL");
        await ended;
      }
      const leak = findSecret(log);
      if (leak !== undefined) throw new Error(`the proxy's log shows ${leak}`);
      if (key !== "" && log.includes(key)) throw new Error("the proxy's log shows its key");
    },
  };
}

/** One thing that a proxy has to do right. */
export interface Case {
  readonly name: string;
  readonly run: (subject: Subject) => Promise<void>;
}
