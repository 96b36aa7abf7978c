import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { type Azure, startAzure } from "../../../support/azure/start_azure.ts";
import { findSecret } from "../../../support/canary.ts";
import { type Mlflow, startMlflow } from "../../../support/mlflow.ts";
import { makeAuthority } from "../../../support/tls.ts";
import type { Env } from "../beside.ts";

/** Azure, a real MLflow server over TLS that takes one token at a time, and somebody who may read the secret. */
export interface Stage extends AsyncDisposable {
  readonly azure: Azure;
  readonly server: Mlflow;
  readonly env: Env;
  /** Puts a new token into the vault, and has the server refuse every other one from its next request on. */
  readonly rotate: () => Promise<void>;
}

/** How a training went. */
export interface Run {
  readonly status: number | null;
  readonly run: string;
  readonly stdout: string;
  readonly stderr: string;
  /** Stages at which the secret was changed. */
  readonly stages: readonly string[];
}

/**
 * Starts Azure and the server.
 *
 * @returns the stage; `await using` takes it down
 */
export async function startStage(): Promise<Stage> {
  await using stack = new AsyncDisposableStack();
  const azure = stack.use(await startAzure());
  const authority = await makeAuthority("mlflow-auth test root of a rotating server");
  const pair = await authority.server(["localhost"]);
  const path = (name: string): string => join(azure.folder, `rotating-${name}.pem`);
  await Promise.all([
    writeFile(path("key"), pair.key, { mode: 0o600 }),
    writeFile(path("certificate"), pair.certificate),
    writeFile(path("ca"), authority.certificate),
  ]);
  const tokens = { count: 0 };
  const users = () => ({ trainer: `rotating-token-canary-${tokens.count}` });
  const tls = { keyPath: path("key"), certificatePath: path("certificate"), ca: authority.certificate };
  const server = stack.use(await startMlflow({ auth: "bearer", users: users(), tls, defaultPermission: "EDIT" }));
  const home = await mkdtemp(join(azure.folder, "home-"));
  const secrets = azure.world.vaults[0]?.secrets;
  const store = (): void => {
    const [version] = secrets?.get("mlflow")?.slice(-1) ?? [];
    if (version === undefined) throw new Error("The vault has no secret");
    const id = (tokens.count + 1).toString(16).padStart(32, "0");
    secrets?.set("mlflow", [...secrets.get("mlflow") ?? [], { ...version, id, value: users().trainer }]);
  };
  store();
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    DENO_NO_UPDATE_CHECK: "1",
    ...azure.env,
    ...azure.vault(),
    ...await azure.identity("client-secret"),
    MLFLOW_TRACKING_URI: server.url,
    MLFLOW_TRACKING_SERVER_CERT_PATH: path("ca"),
    MLFLOW_DISABLE_TELEMETRY: "true",
    MLFLOW_HTTP_REQUEST_MAX_RETRIES: "2",
  };
  const moved = stack.move();
  return {
    azure,
    server,
    env,
    rotate: async () => {
      tokens.count += 1;
      store();
      await server.setTokens(users());
    },
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  };
}

/**
 * Runs a training, and does something at each of its stages before it goes on.
 *
 * @param words the command
 * @param options its environment, and what is done at a stage
 * @returns how it went
 */
export async function train(
  words: readonly string[],
  { env, at, cwd }: {
    readonly env: Env;
    readonly at: (stage: string) => Promise<void>;
    readonly cwd?: string;
  },
): Promise<Run> {
  const [program = "", ...args] = words;
  const child = spawn(program, args, { env, ...(cwd === undefined ? {} : { cwd }), stdio: ["pipe", "pipe", "pipe"] });
  const text = { stdout: "", stderr: "" };
  const stages: string[] = [];
  child.stderr.on("data", (chunk) => void (text.stderr += String(chunk)));
  child.stdin.on("error", () => {});
  const ended = once(child, "exit") as Promise<[number | null]>;
  for await (const chunk of child.stdout) {
    text.stdout += String(chunk);
    for (const [, stage = ""] of text.stdout.matchAll(/^STAGE (\w+)$/gm)) {
      if (stages.includes(stage)) continue;
      stages.push(stage);
      await at(stage);
      child.stdin.write("go\n");
    }
  }
  const [status] = await ended;
  const leak = findSecret(text.stdout + text.stderr);
  if (leak !== undefined) throw new Error(`the training shows ${leak}`);
  return { status, run: /^RUN_ID=(\w+)/m.exec(text.stdout)?.[1] ?? "", ...text, stages };
}
