import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { pythonWith } from "./python.ts";

/** How a server asks who somebody is: not at all, by MLflow's own basic-auth, or by a module that takes bearer tokens. */
export type MlflowAuth = "open" | "basic" | "bearer";

/** How a server is to be. */
export interface MlflowOptions {
  readonly auth: MlflowAuth;
  /** Users that are made, with their passwords (of at least 12 characters) or, for `bearer`, their tokens. */
  readonly users?: Readonly<Record<string, string>>;
  /** Tokens of users whom the server does not know; for `bearer`. */
  readonly strangers?: Readonly<Record<string, string>>;
  /** What a user may do who was given nothing else; `READ` by default, as MLflow has it. */
  readonly defaultPermission?: "READ" | "EDIT" | "MANAGE" | "NO_PERMISSIONS";
  /** Host headers that it answers to; MLflow's own list by default. */
  readonly allowedHosts?: string;
  /** Whether it passes artifacts on; it does by default. */
  readonly servesArtifacts?: boolean;
  /** Whether it has workspaces; it does not by default. */
  readonly workspaces?: boolean;
  /** Paths of the PEM files to speak TLS with, and the root's certificate. */
  readonly tls?: { readonly keyPath: string; readonly certificatePath: string; readonly ca: string };
}

/** A real MLflow server that runs. */
export interface Mlflow extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, or `https://localhost:PORT` over TLS; without a slash. */
  readonly url: string;
  /** Value of `Authorization` for its administrator. */
  readonly admin: string;
  /** Its working folder. */
  readonly folder: string;
  /** Asks it as its administrator. */
  readonly ask: (path: string, init?: { readonly method: "POST"; readonly body: string }) => Promise<Response>;
  /** Replaces the tokens of a `bearer` server, from its next request on. */
  readonly setTokens: (users: Readonly<Record<string, string>>) => Promise<void>;
  readonly stop: () => Promise<void>;
}

const ADMIN = "mlflow-admin-canary";
/** What every server answers quickly. */
const LEAST = "/api/2.0/mlflow/experiments/search?max_results=1";
/** Long after the slowest start that was seen: on two cores that do other things besides it takes a minute. */
const START_MS = 240_000;

/** https://mlflow.org/docs/latest/self-hosting/security/basic-http-auth/#custom-authentication */
const BEARER_MODULE = `import hmac, os
from flask import make_response, request
from werkzeug.datastructures import Authorization

def authenticate():
    sent = request.authorization
    if sent is not None and sent.type == "bearer" and sent.token:
        with open(os.environ["TEST_TOKENS_FILE"]) as lines:
            for line in lines:
                token, _, user = line.strip().partition(" ")
                if token and hmac.compare_digest(sent.token.encode(), token.encode()):
                    return Authorization("basic", {"username": user, "password": ""})
    response = make_response("bad or missing bearer token", 401)
    response.headers["WWW-Authenticate"] = 'Bearer realm="mlflow", error="invalid_token"'
    return response
`;

/** Runs uvicorn, and ends it when its standard input does: it does not outlive a test that is killed. */
const LAUNCH = `import os, sys, threading
def watch():
    sys.stdin.buffer.read()
    os._exit(1)
threading.Thread(target=watch, daemon=True).start()
import uvicorn
uvicorn.main(prog_name="uvicorn")
`;

/**
 * Starts a real MLflow server on loopback, with a database of its own, from the pinned packages of `requirements/mlflow.txt`. One
 * process: uvicorn is started as `mlflow server` would start it, which saves half of the time.
 *
 * @param options how it asks who somebody is, and its users
 * @returns the server, which answers; `await using` stops it and removes its folder
 * @throws Error with the end of its log, where it does not start
 */
export async function startMlflow(options: MlflowOptions): Promise<Mlflow> {
  const python = await pythonWith("mlflow");
  const folder = await mkdtemp(join(tmpdir(), "mlflow-auth-server-"));
  const setTokens = (users: Readonly<Record<string, string>>): Promise<void> =>
    writeFile(
      join(folder, "tokens"),
      Object.entries({ admin: ADMIN, ...users }).map(([user, token]) => `${token} ${user}\n`),
    );
  await Promise.all([
    setTokens({ ...options.users, ...options.strangers }),
    writeFile(join(folder, "bearer_auth.py"), BEARER_MODULE),
    writeFile(join(folder, "auth.ini"), configuration(options)),
  ]);
  const child = spawn(python, argumentsOf(options), {
    cwd: folder,
    env: environment(folder, { ...options, python }),
    stdio: ["pipe", "pipe", "pipe"],
    // A group of its own: whatever it starts goes with it.
    detached: process.platform !== "win32",
  });
  const stop = async (): Promise<void> => {
    await end(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const port = await portOf(child);
    const url = options.tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`;
    const admin = options.auth === "bearer" ? `Bearer ${ADMIN}` : `Basic ${btoa(`admin:${ADMIN}`)}`;
    const ask = asker({ url, admin, ca: options.tls?.ca });
    // The first request makes the database, which takes longer than a client should wait.
    await ask(LEAST);
    if (options.auth !== "open") await addUsers({ ask, users: options.users ?? {}, auth: options.auth });
    // Nor is the first look at a password what a client should wait for on a machine that is busy.
    for (const pair of options.auth === "basic" ? Object.entries(options.users ?? {}) : []) {
      await asker({ url, admin: `Basic ${base64(pair.join(":"))}`, ca: options.tls?.ca })(LEAST);
    }
    return { url, admin, folder, ask, setTokens, stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function argumentsOf({ auth, tls }: MlflowOptions): readonly string[] {
  const pair = tls === undefined ? [] : ["--ssl-keyfile", tls.keyPath, "--ssl-certfile", tls.certificatePath];
  const app = auth === "open" ? ["mlflow.server.fastapi_app:app"] : ["--factory", "mlflow.server.auth:create_app"];
  return ["-c", LAUNCH, "--host", "127.0.0.1", "--port", "0", ...pair, ...app];
}

function environment(
  folder: string,
  { python, allowedHosts, servesArtifacts = true, workspaces = false }: MlflowOptions & { readonly python: string },
): Record<string, string> {
  const artifacts = join(folder, "artifacts");
  return {
    PATH: `${dirname(python)}:/usr/bin:/bin`,
    HOME: folder,
    PYTHONPATH: folder,
    PYTHONUNBUFFERED: "1",
    MLFLOW_FLASK_SERVER_SECRET_KEY: "any",
    MLFLOW_AUTH_ADMIN_PASSWORD: ADMIN,
    MLFLOW_AUTH_CONFIG_PATH: join(folder, "auth.ini"),
    MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false",
    MLFLOW_DISABLE_TELEMETRY: "true",
    TEST_TOKENS_FILE: join(folder, "tokens"),
    _MLFLOW_SGI_NAME: "uvicorn",
    _MLFLOW_SERVER_FILE_STORE: `sqlite:///${join(folder, "mlflow.db")}`,
    _MLFLOW_SERVER_ARTIFACT_ROOT: servesArtifacts ? "mlflow-artifacts:/" : artifacts,
    ...(servesArtifacts
      ? { _MLFLOW_SERVER_ARTIFACT_DESTINATION: artifacts, _MLFLOW_SERVER_SERVE_ARTIFACTS: "true" }
      : {}),
    ...(workspaces ? { MLFLOW_ENABLE_WORKSPACES: "true" } : {}),
    ...(allowedHosts === undefined ? {} : { MLFLOW_SERVER_ALLOWED_HOSTS: allowedHosts }),
  };
}

/** Base64 of a text in UTF-8. */
const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

function configuration({ auth, defaultPermission = "READ" }: MlflowOptions): string {
  const authenticate = auth === "bearer"
    ? "bearer_auth:authenticate"
    : "mlflow.server.auth:authenticate_request_basic_auth";
  return [
    "[mlflow]",
    `default_permission = ${defaultPermission}`,
    "database_uri = sqlite:///basic_auth.db",
    "admin_username = admin",
    `authorization_function = ${authenticate}`,
    // Checking a password takes it 0.3 s, for each request, and seconds where the processors have other work.
    "auth_cache_ttl_seconds = 3600",
    "",
  ].join("\n");
}

async function portOf(child: ChildProcess): Promise<string> {
  let text = "";
  const started = new Promise<string>((resolve, reject) => {
    const read = (chunk: unknown): void => {
      text += String(chunk);
      const port = /Uvicorn running on https?:\/\/127\.0\.0\.1:(\d+)/.exec(text)?.[1];
      if (port !== undefined) resolve(port);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`MLflow did not start: ${text.slice(-2000)}`)));
    setTimeout(() => reject(new Error(`MLflow did not start within ${START_MS} ms: ${text.slice(-2000)}`)), START_MS)
      .unref();
  });
  return await started;
}

function asker(
  { url, admin, ca }: { readonly url: string; readonly admin: string; readonly ca: string | undefined },
): Mlflow["ask"] {
  const headers = { authorization: admin, "content-type": "application/json" };
  return async (path, init) => {
    using client = Deno.createHttpClient({ caCerts: ca === undefined ? [] : [ca] });
    const response = await fetch(`${url}${path}`, { ...init, headers, client });
    return new Response(await response.text(), response);
  };
}

async function addUsers(
  { ask, users, auth }: Pick<Mlflow, "ask"> & {
    readonly users: Readonly<Record<string, string>>;
    readonly auth: MlflowAuth;
  },
): Promise<void> {
  for (const [username, secret] of Object.entries(users)) {
    const password = auth === "basic" ? secret : "not-used-by-bearer";
    const body = JSON.stringify({ username, password });
    const response = await ask("/api/2.0/mlflow/users/create", { method: "POST", body });
    if (!response.ok) {
      throw new Error(`MLflow made no user: ${response.status} ${(await response.text()).slice(0, 200)}`);
    }
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  const late = setTimeout(() => killGroup(child.pid ?? 0), 5_000);
  await gone;
  clearTimeout(late);
}

function killGroup(pid: number): void {
  try {
    process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
  } catch {
    // It ended meanwhile.
  }
}
