import assert from "node:assert/strict";
import { copyFile, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { SECRETS } from "../../support/azure/ids.ts";
import { type Azure, startAzure } from "../../support/azure/start_azure.ts";
import { type ProgramBuild, programBuilds } from "../../support/builds.ts";
import { findSecret } from "../../support/canary.ts";
import { type Mlflow, type MlflowOptions, startMlflow } from "../../support/mlflow.ts";
import { makeAuthority } from "../../support/tls.ts";

const TRAIN = fileURLToPath(new URL("train.py", import.meta.url));
/** The token of the secret `mlflow`. */
export const TOKEN: string = JSON.parse(SECRETS.mlflow).token;
/** The user name and password of the secret `mlflow-basic`. */
export const PAIR: { readonly username: string; readonly password: string } = JSON.parse(SECRETS["mlflow-basic"]);
/** Nothing in it survives an `eval` that is not quoted right. ASCII alone, since MLflow's artifact routes take no other password. */
const ODD = { username: "odd one", password: `canary $HOME "'\`id\`*; \\n %s\n\ttab ` };

/** How a server lets somebody in, the secret that does, and the one that is hardest to hand to a shell. */
export const WAYS = [
  { server: "bearer", secret: "mlflow", odd: "mlflow", with: "a token" },
  { server: "basic", secret: "mlflow-basic", odd: "odd", with: "a user name and password" },
] as const;

/** Variables, or files, by name. */
export type Env = Readonly<Record<string, string>>;

/** How a training, or a script around it, is started. */
export interface Start {
  /** The server that it logs to. */
  readonly server: Mlflow;
  /** The secret of the vault; `mlflow`, a token, by default. */
  readonly secret?: string;
  readonly env?: Env;
  /** Files of the home folder, by path. */
  readonly home?: Env;
  /** Sent once the run is under way. */
  readonly signal?: Deno.Signal;
}

/** How it went. */
export interface Trained {
  readonly status: number;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Of the process that was started. */
  readonly pid: number;
  readonly home: string;
  /** Ids of the runs that were logged. */
  readonly runs: readonly string[];
}

/** Azure, the two servers, and a machine with Python, `train.py` and the program. */
export interface Stage extends AsyncDisposable {
  readonly azure: Azure;
  /** Takes tokens, over TLS. */
  readonly bearer: Mlflow;
  /** Takes user names and passwords. */
  readonly basic: Mlflow;
  /** Runs a command; `mlflow-auth`, `python` and `train.py` are there. A secret in what it prints is an error of the test. */
  readonly run: (argv: readonly string[], start: Start) => Promise<Trained>;
  /** Runs `mlflow-auth` of another build. */
  readonly runBuild: (build: ProgramBuild, argv: readonly string[], start: Start) => Promise<Trained>;
}

/**
 * Starts Azure and the servers.
 *
 * @param python the Python that has MLflow
 * @param build what `mlflow-auth` is
 * @returns the stage; `await using` takes it down
 */
export async function startStage(python: string, build: ProgramBuild): Promise<Stage> {
  await using stack = new AsyncDisposableStack();
  const azure = stack.use(await startAzure());
  const versions = azure.world.vaults[0]?.secrets.get("mlflow-basic") ?? [];
  azure.world.vaults[0]?.secrets.set("odd", versions.map((one) => ({ ...one, value: JSON.stringify(ODD) })));
  // Before anything is started: a child that is forked while a script is written keeps it from being run.
  for (const one of programBuilds()) await writeProgram(azure.folder, one);
  const tls = await certificate(azure.folder);
  const start = async (options: Omit<MlflowOptions, "defaultPermission">): Promise<Mlflow> =>
    stack.use(await startMlflow({ ...options, defaultPermission: "EDIT" }));
  const [bearer, basic] = await Promise.all([
    start({ auth: "bearer", users: { [PAIR.username]: TOKEN }, tls }),
    start({ auth: "basic", users: { [PAIR.username]: PAIR.password, [ODD.username]: ODD.password } }),
  ]);
  const runBuild: Stage["runBuild"] = async (one, argv, how) => {
    const folder = await mkdtemp(join(azure.folder, "training-"));
    const bin = binOf(azure.folder, one);
    const env = {
      ...await machine(folder, { python, bin, home: how.home ?? {} }),
      ...await person(azure, how),
      // Deno itself asks for its newest version, not the program.
    };
    return await train(argv, { ...how, env: { ...env, ...how.env }, folder, bin });
  };
  const moved = stack.move();
  return {
    azure,
    bearer,
    basic,
    runBuild,
    run: (argv, start) => runBuild(build, argv, start),
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  };
}

async function certificate(folder: string): Promise<NonNullable<MlflowOptions["tls"]>> {
  const authority = await makeAuthority("mlflow-auth test root of a tracking server");
  const pair = await authority.server(["localhost"]);
  const path = (name: string): string => join(folder, `tracking-${name}.pem`);
  await Promise.all([
    writeFile(path("key"), pair.key, { mode: 0o600 }),
    writeFile(path("certificate"), pair.certificate),
    writeFile(path("ca"), authority.certificate),
  ]);
  return { keyPath: path("key"), certificatePath: path("certificate"), ca: authority.certificate };
}

const binOf = (folder: string, { name }: ProgramBuild): string => join(folder, `bin-${name}`);

async function writeProgram(folder: string, build: ProgramBuild): Promise<void> {
  const bin = binOf(folder, build);
  const words = build.command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  await mkdir(bin);
  await writeFile(join(bin, "mlflow-auth"), `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });
}

/** A home folder with `train.py`, which is also the working folder, and a PATH on which the program and Python are. */
async function machine(
  folder: string,
  { python, bin, home }: { readonly python: string; readonly bin: string; readonly home: Env },
): Promise<Env> {
  await copyFile(TRAIN, join(folder, "train.py"));
  for (const [path, content] of Object.entries(home)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content, { mode: 0o600 });
  }
  return { HOME: folder, PATH: `${bin}:${dirname(python)}:/usr/local/bin:/usr/bin:/bin` };
}

/** What a data scientist has set, and what keeps MLflow's client from asking anybody else or trying for minutes. */
async function person(azure: Azure, { server, secret = "mlflow" }: Start): Promise<Env> {
  return {
    ...azure.env,
    ...azure.vault({ secret }),
    ...await azure.identity("client-secret"),
    MLFLOW_SECRETS_LOG_LEVEL: "DEBUG",
    MLFLOW_TRACKING_URI: server.url,
    ...(server.url.startsWith("https:")
      ? { MLFLOW_TRACKING_SERVER_CERT_PATH: join(azure.folder, "tracking-ca.pem") }
      : {}),
    MLFLOW_DISABLE_TELEMETRY: "true",
    MLFLOW_HTTP_REQUEST_MAX_RETRIES: "1",
  };
}

async function train(
  argv: readonly string[],
  { env, folder, bin, signal }: Start & { readonly env: Env; readonly folder: string; readonly bin: string },
): Promise<Trained> {
  const [name = "", ...rest] = argv;
  const child = new Deno.Command(name === "mlflow-auth" ? join(bin, name) : name, {
    args: [...rest],
    cwd: folder,
    env,
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const read = async (stream: ReadableStream<Uint8Array>): Promise<string> => {
    let text = "";
    let waits = signal !== undefined;
    for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (waits && /^RUN_ID=/m.test(text)) {
        child.kill(signal);
        waits = false;
      }
    }
    return text;
  };
  const [stdout, stderr, ended] = await Promise.all([read(child.stdout), read(child.stderr), child.status]);
  assert.equal(findSecret(stdout + stderr), undefined, `${argv.join(" ")} shows a secret`);
  const runs = [...stdout.matchAll(/^RUN_ID=(\w+)$/gm)].map(([, id]) => `${id}`);
  return { status: ended.code, signal: ended.signal, stdout, stderr, pid: child.pid, home: folder, runs };
}
