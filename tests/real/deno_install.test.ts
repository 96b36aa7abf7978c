import "../support/guard.ts";
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { PERMISSIONS } from "../../scripts/build/build.ts";
import { startAzure } from "../support/azure/start_azure.ts";
import { healthyEnv } from "../support/run_program.ts";
import { skipUnless } from "../support/skip.ts";
import { startLocalJsr } from "./deno_install/local_jsr.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const { name, version } = JSON.parse(readFileSync(join(ROOT, "deno.json"), "utf8")) as Readonly<Record<string, string>>;
const README = readFileSync(join(ROOT, "README.md"), "utf8");

/** What an installer may know of this machine besides: how to reach the registry. */
const REACH =
  /^(?:NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|DENO_CERT|DENO_TLS_CA_STORE|NPM_CONFIG_REGISTRY|HTTPS?_PROXY|NO_PROXY)$/i;
const installer = Object.fromEntries(
  Object.entries(process.env).flatMap(([key, value]) => value !== undefined && REACH.test(key) ? [[key, value]] : []),
);

/** Letters of permissions, as `deno install --help` has them. */
const LETTERS: Readonly<Record<string, string>> = {
  E: "--allow-env",
  N: "--allow-net",
  R: "--allow-read",
  S: "--allow-sys",
  W: "--allow-write",
};
const SHORT = /^-([A-Z]+)$/;

interface Start {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program to its end, with this Deno on its path and nothing else of this machine's environment. */
async function run(argv: readonly string[], { cwd, env = {} }: Start) {
  const [command = "", ...args] = argv;
  const child = new Deno.Command(command, {
    args,
    cwd,
    clearEnv: true,
    env: {
      PATH: [dirname(Deno.execPath()), "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter),
      HOME: cwd,
      NO_COLOR: "1",
      DENO_NO_UPDATE_CHECK: "1",
      ...env,
    },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const { code, stdout, stderr } = await child.output();
  const [said, told] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { pid: child.pid, status: code, stdout: said ?? "", stderr: told ?? "" };
}

/** A new folder with a cache of its own, but for the npm packages that are on this machine. */
async function makePlace(): Promise<AsyncDisposable & { readonly path: string; readonly denoDir: string }> {
  const info = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"], cwd: ROOT }).output();
  const { npmCache } = JSON.parse(new TextDecoder().decode(info.stdout)) as { readonly npmCache: string };
  const path = realpathSync(mkdtempSync(join(tmpdir(), "mlflow-auth-deno-")));
  const denoDir = join(path, "deno");
  await Deno.mkdir(denoDir);
  symlinkSync(npmCache, join(denoDir, "npm"));
  return {
    path,
    denoDir,
    [Symbol.asyncDispose]: () => Promise.resolve(rmSync(path, { recursive: true, force: true })),
  };
}

/** Without the project's lock Deno asks the registry which versions there are. */
async function reachesRegistry(): Promise<boolean> {
  await using place = await makePlace();
  const flags = ["--quiet", "--no-lock", "--config", join(ROOT, "deno.json")];
  const env = { ...installer, DENO_DIR: place.denoDir };
  const argv = [Deno.execPath(), "cache", ...flags, join(ROOT, "src", "main.ts")];
  return (await run(argv, { cwd: place.path, env })).status === 0;
}

const skip = skipUnless(process.platform !== "win32", "the installed program is looked at by sh: use Linux or macOS") ||
  skipUnless(await reachesRegistry(), "deno install asks the npm registry: let this machine reach it");

/** Asserts that what was installed says its version, reads a secret, and becomes the command. */
async function assertWorks(root: string, env: Readonly<Record<string, string>>): Promise<void> {
  const program = join(root, "bin", "mlflow-auth");
  const asked = await run([program, "--version"], { cwd: root, env });
  assert.deepEqual([asked.status, asked.stdout], [0, `${version}\n`], asked.stderr);
  await using azure = await startAzure();
  const script = 'echo "$$ ${MLFLOW_TRACKING_TOKEN:+has a token}"';
  const someone = { ...await healthyEnv(azure), ...env };
  const ran = await run([program, "exec", "--", "sh", "-c", script], { cwd: root, env: someone });
  assert.deepEqual([ran.status, ran.stdout], [0, `${ran.pid} has a token\n`], ran.stderr);
}

test("deno install -g makes a program of a clone, which becomes the command", { skip }, async () => {
  await using place = await makePlace();
  const root = join(place.path, "root");
  const env = { DENO_DIR: place.denoDir };
  // The lock of the project is not for the copy of its configuration that is installed.
  const flags = ["--quiet", "--no-lock", "--config", join(ROOT, "deno.json"), ...PERMISSIONS];
  const source = join(ROOT, "src", "main.ts");
  const install = [Deno.execPath(), "install", "-g", "--root", root, "-n", "mlflow-auth", ...flags, source];
  const installed = await run(install, { cwd: place.path, env: { ...installer, ...env } });
  assert.equal(installed.status, 0, installed.stderr);
  await assertWorks(root, env);
});

test("the line of README.md installs the program from JSR", { skip }, async () => {
  const line = /^\| Deno +\| `(deno install [^`]+)`/m.exec(README)?.[1]?.split(" ") ?? [];
  const permissions = line.flatMap((word) =>
    word.startsWith("--allow-") ? [word] : SHORT.exec(word)?.[1]?.split("") ?? []
  )
    .map((word) => LETTERS[word] ?? word);
  assert.deepEqual(permissions.toSorted(), [...PERMISSIONS].sort());
  assert.equal(line.at(-1), `jsr:${name}/cli`);
  await using place = await makePlace();
  await using jsr = await startLocalJsr(ROOT);
  const root = join(place.path, "root");
  const env = { DENO_DIR: place.denoDir, JSR_URL: jsr.url };
  const [, ...words] = line;
  const installed = await run([Deno.execPath(), ...words], {
    cwd: place.path,
    env: { ...installer, ...env, DENO_INSTALL_ROOT: root },
  });
  assert.equal(installed.status, 0, installed.stderr);
  await assertWorks(root, env);
});
