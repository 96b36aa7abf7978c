import "../support/guard.ts";
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { packRelease } from "../../scripts/release/pack_release.ts";
import { sha256, utf8 } from "../../scripts/release/packed_file.ts";
import { PLATFORMS } from "../../scripts/release/platforms.ts";
import { startAzure } from "../support/azure/start_azure.ts";
import { programBuilds } from "../support/builds.ts";
import { pythonWith, tryPython } from "../support/python.ts";
import { skipIfError, skipUnless } from "../support/skip.ts";
import { actionNode } from "./action/node.ts";
import { FACTS, makeReleaseFolder, ownPlatform, type ReleaseFolder, sources } from "./install/release_folder.ts";
import { CLEAN, install, missing, which } from "./shells/run.ts";

const build = programBuilds().find(({ name }) => name === "deno");
const platform = ownPlatform();
const unix = skipUnless(process.platform !== "win32" && platform !== undefined, "install.sh is for Linux and macOS");
const skip = build?.skip !== false ? build?.skip ?? true : unix;
const skipPip = skip || skipIfError(await tryPython("uv"));
const shared: { release?: ReleaseFolder; python?: string } = {};

// Not those of node:test: Deno leaves its after() out where a test is skipped or filtered.
Deno.test.beforeAll(async () => {
  if (skip !== false || build === undefined || platform === undefined) return;
  shared.release = await makeReleaseFolder(build.command[0], platform);
  for (const [name, bytes] of shared.release.sizes) {
    if (bytes > 1_000_000) console.log(`size  ${(bytes / 1024 / 1024).toFixed(1)} MB  ${name}`);
  }
  console.log(`size  ${(statSync(build.command[0]).size / 1024 / 1024).toFixed(1)} MB  mlflow-auth`);
});
Deno.test.afterAll(async () => await shared.release?.[Symbol.asyncDispose]());

function release(): ReleaseFolder {
  if (shared.release === undefined) throw new Error("There is no release yet");
  return shared.release;
}

/** A new folder beside the release. */
function folder(name: string): string {
  const path = join(release().path, name);
  mkdirSync(path);
  return path;
}

interface Ended {
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Start {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const PATH = [dirname(which("node") ?? "/usr/bin/node"), CLEAN["PATH"] ?? ""].join(":");

/** Runs a program to its end in nothing but the environment given. */
function run(argv: readonly string[], { cwd = release().path, env = {} }: Start = {}): Promise<Ended> {
  const [command = "", ...args] = argv;
  const child = spawn(command, args, { cwd, env: { ...CLEAN, PATH, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => stdout += String(chunk));
  child.stderr.on("data", (chunk) => stderr += String(chunk));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status, signal) => resolve({ status, signal, stdout, stderr }));
  });
}

/** What `--version` of the program says. */
async function version(path: string, options: Start = {}): Promise<string> {
  const { status, stdout, stderr } = await run([path, "--version"], options);
  assert.equal(status, 0, stderr);
  return stdout;
}

/** The environment of somebody who is set up, against a stand-in for Azure. */
async function someone(azure: Awaited<ReturnType<typeof startAzure>>): Promise<Readonly<Record<string, string>>> {
  return { HOME: azure.folder, ...azure.env, ...azure.vault(), ...await azure.identity("client-secret") };
}

test("tar finds the program in an archive, with its mode, and its terms beside it", { skip }, async () => {
  const { target = "" } = platform ?? {};
  const { length } = readFileSync(build?.command[0] ?? "");
  const { stdout } = await run(["tar", "-tvzf", release().pathOf(`mlflow-auth-${target}.tar.gz`)]);
  const [first = "", ...others] = stdout.trimEnd().split("\n");
  assert.match(first, new RegExp(`^-rwxr-xr-x\\s.*\\s${length}\\s.*\\smlflow-auth$`));
  assert.deepEqual(others.map((line) => line.split(/\s/).at(-1)), ["LICENSE", "THIRD_PARTY_NOTICES.txt"]);
});

/** A venv of nothing but pip, with the wheel. */
async function venvWithWheel(): Promise<string> {
  const venv = join(release().path, "venv");
  if (existsSync(venv)) return venv;
  const python = await pythonWith("uv");
  const made = await run([python, "-m", "venv", venv]);
  assert.equal(made.status, 0, made.stderr);
  const wheel = [...release().sizes.keys()].find((name) => name.endsWith(".whl")) ?? "";
  const pip = [join(venv, "bin", "pip"), "install", "--no-index", "--no-cache-dir", "--disable-pip-version-check"];
  const installed = await run([...pip, release().pathOf(wheel)]);
  assert.equal(installed.status, 0, installed.stderr);
  return venv;
}

test("pip installs the wheel, and the program runs from the venv as itself", { skip: skipPip }, async () => {
  const venv = await venvWithWheel();
  const path = join(venv, "bin", "mlflow-auth");
  assert.equal(sha256(readFileSync(path)), sha256(readFileSync(build?.command[0] ?? "")));
  assert.equal(await version("mlflow-auth", { env: { PATH: join(venv, "bin") } }), await version(path));
  const check = await run([join(venv, "bin", "pip"), "show", "--files", "mlflow-auth"]);
  assert.match(check.stdout, /^Version: 9\.9\.9$/m);
  assert.match(check.stdout, /^ {2}(?:\.\.\/)+bin\/mlflow-auth$/m);
});

test("pip takes the wheel of the C library that it is asked for", { skip: skipPip }, async () => {
  const wheels = folder("wheels");
  const programs = (["linux-x64", "linux-x64-musl"] as const).map((npm) => ({
    platform: PLATFORMS.find((one) => one.npm === npm) ?? assert.fail(),
    runtime: { name: "bun", version: "1.4.5" } as const,
    bytes: utf8(`GLIBC_2.17 ${npm}`),
  }));
  // Of glibc's programs it is Deno's that is packed as a wheel.
  const [glibc, musl] = programs;
  const packed = packRelease([{ ...glibc!, runtime: { name: "deno", version: "2.9.6" } }, musl!], FACTS, sources());
  for (const { path, bytes } of packed) if (path.endsWith(".whl")) writeFileSync(join(wheels, path), bytes);
  const pip = [
    await pythonWith("uv"),
    "-m",
    "pip",
    "download",
    "--no-index",
    "--disable-pip-version-check",
    "-f",
    wheels,
  ];
  for (const tag of ["manylinux_2_17_x86_64", "musllinux_1_2_x86_64"]) {
    const to = folder(tag);
    const ended = await run([...pip, "--only-binary=:all:", "--platform", tag, "-d", to, "mlflow-auth"]);
    assert.equal(ended.status, 0, ended.stderr);
    assert.deepEqual(readdirSync(to), [`mlflow_auth-9.9.9-py3-none-${tag}.whl`]);
  }
});

test("uvx runs the program of the wheel", { skip: skipPip }, async () => {
  const uv = join(dirname(await pythonWith("uv")), "uv");
  const wheel = [...release().sizes.keys()].find((name) => name.endsWith(".whl")) ?? "";
  const home = folder("uv");
  const env = { HOME: home, UV_CACHE_DIR: join(home, "cache"), UV_PYTHON: await pythonWith("uv") };
  const from = ["tool", "run", "--offline", "--no-config", "--from", release().pathOf(wheel)];
  const { status, stdout, stderr } = await run([uv, ...from, "mlflow-auth", "--version"], { env });
  assert.equal(status, 0, stderr);
  assert.equal(stdout, await version(build?.command[0] ?? ""));
});

test("the program of a wheel gives a command its credential", { skip: skipPip }, async () => {
  const venv = await venvWithWheel();
  await using azure = await startAzure();
  const env = { ...await someone(azure), PATH: `${join(venv, "bin")}:${PATH}` };
  const command = [
    "exec",
    "--",
    "sh",
    "-c",
    'test -n "$MLFLOW_TRACKING_TOKEN$MLFLOW_TRACKING_PASSWORD"; exit $((3 + $?))',
  ];
  const ended = await run(["mlflow-auth", ...command], { env });
  assert.deepEqual([ended.status, ended.stderr], [3, ""]);
});

/** A project that has both npm packages, installed by the real npm without a network. */
async function npmProject(): Promise<string> {
  const path = join(release().path, "npm");
  if (existsSync(path)) return path;
  mkdirSync(path);
  const names = [...release().sizes.keys()].filter((name) => name.endsWith(".tgz"));
  const env = { HOME: path, npm_config_cache: join(path, "cache"), npm_config_update_notifier: "false" };
  const npm = ["npm", "install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", path];
  const ended = await run([...npm, ...names.map((name) => release().pathOf(name))], { cwd: path, env });
  assert.equal(ended.status, 0, ended.stderr);
  return path;
}

const npm = skip === false ? missing({ program: "npm", packages: "npm" }) : skip;
const modern = actionNode();
const withExecve = modern !== undefined && modern.major >= 24 ? modern.path : undefined;

test("npm installs the package and the one of this platform, and npx runs the program", { skip: npm }, async () => {
  const path = await npmProject();
  assert.deepEqual(readdirSync(join(path, "node_modules", "@mlflow-auth")), [platform?.npm]);
  const env = { HOME: path, npm_config_cache: join(path, "cache"), npm_config_update_notifier: "false" };
  const ended = await run(["npx", "--offline", "mlflow-auth", "--version"], { cwd: path, env });
  assert.equal(ended.status, 0, ended.stderr);
  assert.equal(ended.stdout, await version(build?.command[0] ?? ""));
});

test("a Node with execve becomes the program, which becomes the command", {
  skip: npm === false ? skipUnless(withExecve !== undefined, "npm cannot bring Node 24") : npm,
}, async () => {
  const launcher = join(await npmProject(), "node_modules", "mlflow-auth", "bin", "mlflow-auth.mjs");
  await using azure = await startAzure();
  const env = await someone(azure);
  const shell = ["sh", "-c", 'echo $$; exec "$@"', "sh"];
  const ended = await run([...shell, withExecve ?? "", launcher, "exec", "--", "sh", "-c", "echo $$; kill -TERM $$"], {
    env,
  });
  const [own, childs] = ended.stdout.split("\n");
  assert.equal(childs, own);
  assert.deepEqual([ended.status, ended.signal, ended.stderr], [null, "SIGTERM", ""]);
});

test("a Node without execve passes on signals, statuses and the end by a signal", { skip: npm }, async () => {
  const installed = join(await npmProject(), "node_modules", "mlflow-auth", "bin", "mlflow-auth.mjs");
  // What an older Node does, on whichever is here.
  const launcher = installed.replace(/\.mjs$/, ".old.mjs");
  writeFileSync(launcher, readFileSync(installed, "utf8").replace("execve !== undefined", "execve === 0"));
  await using azure = await startAzure();
  const env = { ...CLEAN, PATH, ...await someone(azure) };
  const exec = (script: string): readonly string[] => ["node", launcher, "exec", "--", "sh", "-c", script];
  assert.equal((await run(exec("exit 3"), { env })).status, 3);
  assert.equal((await run(exec("kill -KILL $$"), { env })).signal, "SIGKILL");
  const [command = "", ...args] = exec("trap 'echo got; exit 4' TERM; echo ready; while :; do sleep 0.05; done");
  const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  let stdout = "";
  child.stdout.on("data", (chunk) => {
    // Not child.kill(), after which Deno takes every end for that signal.
    if (stdout === "") process.kill(child.pid ?? 0, "SIGTERM");
    stdout += String(chunk);
  });
  const status = await new Promise((resolve) => child.on("close", resolve));
  assert.deepEqual([status, stdout], [4, "ready\ngot\n"]);
});

test("the npm package says what to do where npm left out the one of the platform, and an eval of it fails", {
  skip: npm,
}, async () => {
  const path = folder("npm-alone");
  cpSync(join(await npmProject(), "node_modules", "mlflow-auth"), path, { recursive: true });
  const launcher = join(path, "bin", "mlflow-auth.mjs");
  const { status, stdout, stderr } = await run(["node", launcher, "export"]);
  assert.deepEqual([status, stdout], [125, "false\n"]);
  assert.match(stderr, /^mlflow-auth: Cannot start "mlflow-auth": npm has not installed @mlflow-auth\/.*\n {2}try: /);
});

/** The release as somebody's mirror has it, changed by the test. */
function mirror(name: string): { readonly url: string; readonly pathOf: (name: string) => string } {
  const path = folder(name);
  cpSync(dirname(release().pathOf("SHA256SUMS")), join(path, `v${FACTS.version}`), { recursive: true });
  return { url: `file://${path}`, pathOf: (file) => join(path, `v${FACTS.version}`, file) };
}

/** Programs that come first on PATH. */
function fakes(name: string, scripts: Readonly<Record<string, string>>): string {
  const path = folder(name);
  for (const [program, script] of Object.entries(scripts)) {
    writeFileSync(join(path, program), `#!/bin/sh\n${script}\n`);
    chmodSync(join(path, program), 0o755);
  }
  return `${path}:${PATH}`;
}

const ARCHIVE = `mlflow-auth-${platform?.target}.tar.gz`;
const releases = (): string => `file://${join(release().path, "releases")}`;

/** Runs the released installer. */
const runInstaller = (args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> =>
  run(["sh", release().pathOf("install.sh"), ...args], { env: { MLFLOW_AUTH_RELEASES_URL: releases(), ...env } });

test("install.sh installs the program of the release into a folder of the user", { skip }, async () => {
  const home = folder("home");
  const { status, stdout, stderr } = await runInstaller([], { HOME: home });
  const path = join(home, ".local", "bin", "mlflow-auth");
  const hint = `mlflow-auth: ${dirname(path)} is not on PATH; add this to your shell's profile: export PATH="${
    dirname(path)
  }:$PATH"`;
  assert.equal(stderr, `mlflow-auth: version 9.9.9 is ${path}\n${hint}\n`);
  assert.deepEqual([status, stdout], [0, ""]);
  assert.deepEqual(readdirSync(dirname(path)), ["mlflow-auth"]);
  assert.equal((statSync(path).mode & 0o777).toString(8), "755");
  assert.equal(await version(path), await version(build?.command[0] ?? ""));
});

test("install.sh reads a release over http from loopback, and replaces a program that runs", {
  skip: skip === false ? missing({ program: "curl", packages: "curl" }) : skip,
}, async () => {
  const to = folder("to");
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const path = join(release().path, "releases", new URL(request.url).pathname);
    return new Response(await Deno.readFile(path));
  });
  try {
    writeFileSync(join(to, "mlflow-auth"), "old");
    const base = `http://127.0.0.1:${server.addr.port}/`;
    const env = { HOME: to, MLFLOW_AUTH_RELEASES_URL: base, PATH: `${to}:${PATH}` };
    const { status, stderr } = await runInstaller(["--to", to, "--version", "v9.9.9"], env);
    assert.deepEqual([status, stderr], [0, `mlflow-auth: version 9.9.9 is ${join(to, "mlflow-auth")}\n`]);
    assert.equal(statSync(join(to, "mlflow-auth")).size, statSync(build?.command[0] ?? "").size);
  } finally {
    await server.shutdown();
  }
});

/** Runs the installer where it must refuse; gives what it says, once nothing was installed. */
async function refusal(
  name: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<string> {
  const home = folder(`home-${name}`);
  const { status, stdout, stderr } = await runInstaller(args, { HOME: home, ...env });
  assert.deepEqual([status, stdout, readdirSync(home)], [1, "", []], stderr);
  assert.match(stderr, /^mlflow-auth: Cannot .*\n {2}try: .*\n$/);
  return stderr.split("\n")[0] ?? "";
}

test("install.sh refuses an archive that is not the one of SHA256SUMS", { skip }, async () => {
  const { url, pathOf } = mirror("corrupted");
  const bytes = readFileSync(pathOf(ARCHIVE));
  bytes[1000] = (bytes[1000] ?? 0) ^ 1;
  writeFileSync(pathOf(ARCHIVE), bytes);
  const expected = sha256(readFileSync(release().pathOf(ARCHIVE)));
  assert.equal(
    await refusal("corrupted", { MLFLOW_AUTH_RELEASES_URL: url }),
    `mlflow-auth: Cannot use "${ARCHIVE}": its SHA-256 is ${sha256(bytes)}, and SHA256SUMS says ${expected}`,
  );
});

test("install.sh refuses where a file is missing, or not in SHA256SUMS", { skip }, async () => {
  const env = { MLFLOW_AUTH_RELEASES_URL: releases() };
  assert.equal(
    await refusal("no-version", env, ["--version", "9.9.8"]),
    `mlflow-auth: Cannot fetch "${releases()}/v9.9.8/SHA256SUMS": it is not there, or cannot be reached, or the disk is full`,
  );
  const { url, pathOf } = mirror("unnamed");
  const sums = readFileSync(pathOf("SHA256SUMS"), "utf8");
  writeFileSync(pathOf("SHA256SUMS"), sums.replace(ARCHIVE, `other-${ARCHIVE}`));
  assert.equal(
    await refusal("unnamed", { MLFLOW_AUTH_RELEASES_URL: url }),
    `mlflow-auth: Cannot install "${ARCHIVE}": the SHA256SUMS of v9.9.9 does not name it`,
  );
});

test("install.sh refuses a system that no release is built for", { skip }, async () => {
  const uname = 'case $1 in -s) echo "$SYSTEM" ;; -m) echo "$MACHINE" ;; esac';
  const path = fakes("systems", { uname, ldd: 'echo "$LIBC"' });
  const on = (SYSTEM: string, MACHINE: string, LIBC = "GNU libc"): Promise<string> =>
    refusal(`on-${SYSTEM}-${MACHINE}-${LIBC.length}`, { PATH: path, SYSTEM, MACHINE, LIBC });
  const cannot = (where: string, why = "no release is built for it"): string =>
    `mlflow-auth: Cannot install "mlflow-auth" on "${where}": ${why}`;
  assert.equal(await on("FreeBSD", "amd64"), cannot("FreeBSD x86_64"));
  assert.equal(await on("Linux", "riscv64"), cannot("Linux riscv64"));
  assert.equal(
    await on("MINGW64_NT-10.0", "x86_64"),
    cannot("MINGW64_NT-10.0", "this is the installer for Linux and macOS"),
  );
  // It asks for the archive of the system that it was told of.
  const apple = `mlflow-auth: Cannot fetch "${releases()}/v9.9.9/mlflow-auth-aarch64-apple-darwin.tar.gz"`;
  if (process.platform === "linux") {
    assert.ok((await on("Darwin", "arm64")).startsWith(apple));
  }
});

test("install.sh fetches from nothing but https, a folder or loopback", { skip }, async () => {
  for (const [index, url] of ["http://mirror.example/", "http://127.0.0.1:80@mirror.example/", "releases"].entries()) {
    assert.equal(
      await refusal(`url-${index}`, { MLFLOW_AUTH_RELEASES_URL: url }),
      'mlflow-auth: Cannot use "MLFLOW_AUTH_RELEASES_URL": it is no https URL',
    );
  }
});

test(
  "install.sh has gh check the attestation where it is signed in, and refuses what it does not confirm",
  { skip },
  async () => {
    const gh =
      'case "$*" in *--help) ;; "auth status") exit "$SIGNED_IN" ;; *) echo "$*" >> "$HOME.asked"; exit "$ATTESTED" ;; esac';
    const path = fakes("gh", { gh });
    const env = { PATH: path, SIGNED_IN: "0", ATTESTED: "1" };
    assert.equal(
      await refusal("unattested", env),
      `mlflow-auth: Cannot use "${ARCHIVE}": gh finds no attestation that me/mlflow-auth built it`,
    );
    const asked = readFileSync(join(release().path, "home-unattested.asked"), "utf8");
    assert.match(
      asked,
      new RegExp(`^attestation verify /.*/${ARCHIVE.replaceAll(".", "\\.")} --repo me/mlflow-auth\n$`),
    );
    const says = async (name: string, more: Readonly<Record<string, string>>): Promise<string> => {
      const { status, stderr } = await runInstaller([], { ...env, HOME: folder(name), ...more });
      assert.equal(status, 0, stderr);
      return stderr.split("\n")[0] ?? "";
    };
    assert.equal(
      await says("attested", { ATTESTED: "0" }),
      "mlflow-auth: its attestation says that me/mlflow-auth built it",
    );
    assert.equal(
      await says("signed-out", { SIGNED_IN: "1" }),
      "mlflow-auth: its attestation was not checked, as gh is not signed in",
    );
  },
);

test(
  "install.sh does not take what it does not know, and the one of a clone asks for a version",
  { skip },
  async () => {
    const home = folder("home-usage");
    const own = fileURLToPath(new URL("../../install.sh", import.meta.url));
    const usage = async (argv: readonly string[]): Promise<readonly [status: number | null, message: string]> => {
      const { status, stderr } = await run(["sh", ...argv], {
        env: { HOME: home, MLFLOW_AUTH_RELEASES_URL: releases() },
      });
      return [status, stderr.split("\n")[0] ?? ""];
    };
    const released = release().pathOf("install.sh");
    assert.deepEqual(await usage([released, "--prefix", "x"]), [
      2,
      'mlflow-auth: Cannot use "--prefix": there is no such option',
    ]);
    assert.deepEqual(await usage([released, "--to"]), [2, 'mlflow-auth: Cannot use "--to": it has no value']);
    const unreleased = "mlflow-auth: Cannot choose a version: this install.sh is not from a release";
    assert.deepEqual(await usage([own]), [2, unreleased]);
    assert.deepEqual(readdirSync(home), []);
    assert.equal((await usage([own, "--version", FACTS.version]))[0], 0);
  },
);

if (skip === false && which("shellcheck") === undefined) install(["shellcheck"]);

test("shellcheck finds nothing in install.sh", {
  skip: skipUnless(which("shellcheck") !== undefined, "shellcheck is not there: apt-get install shellcheck"),
}, () => {
  const path = fileURLToPath(new URL("../../install.sh", import.meta.url));
  assert.equal(execFileSync("shellcheck", [path], { env: CLEAN, encoding: "utf8" }), "");
});

test("install.ps1 is read by PowerShell, and sends others to install.sh", {
  skip: skip === false
    ? skipUnless(which("pwsh") !== undefined, "pwsh is not there: install PowerShell, which has no Debian package")
    : skip,
}, async () => {
  const path = release().pathOf("install.ps1");
  const { status, stderr } = await run(["pwsh", "-NoProfile", "-File", path], { env: { HOME: folder("home-pwsh") } });
  assert.equal(status, 1);
  assert.match(stderr, /Cannot install "mlflow-auth": this is the installer for Windows/);
});
