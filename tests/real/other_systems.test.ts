import "../support/guard.ts";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { BuildError } from "../../scripts/build/build.ts";
import { compile } from "../../scripts/compile.ts";
import { startAzure } from "../support/azure/start_azure.ts";
import { programBuilds } from "../support/builds.ts";
import { skipUnless } from "../support/skip.ts";
import { runSuite } from "./exec/suite.ts";
import { has, makeBench } from "./exec/tools.ts";
import { variantOf } from "./exec/variants.ts";
import { arm64Deno, arm64Emulator } from "./other_systems/arm64.ts";
import { muslRoot } from "./other_systems/musl.ts";

// Linux on arm64, in an emulator of its processor, and with musl, in a root of its own.

const isX64 = process.platform === "linux" && process.arch === "x64" && has("cc");
const own = isX64 ? mkdtempSync(join(tmpdir(), "mlflow-auth-other-")) : "";
Deno.test.afterAll(() => rmSync(own, { recursive: true, force: true }));

/** Compiles the program for another system; `undefined` where its runtime cannot be had. */
async function bunFor(target: string): Promise<string | undefined> {
  try {
    return await compile({ runtime: "bun", target, out: join(own, target) });
  } catch (error) {
    if (error instanceof BuildError) return undefined;
    throw error;
  }
}

const run = async (words: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const [command = "", ...args] = words;
  const options = { args, env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", HOME: own, ...env }, clearEnv: true } as const;
  const { code, stdout, stderr } = await new Deno.Command(command, { ...options, stdin: "null" }).output();
  const [out, said] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out: out ?? "", said: said ?? "" };
};

const emulator = isX64 ? arm64Emulator() : undefined;
const arm64Bun = emulator === undefined ? undefined : await bunFor("bun-linux-arm64");
const noArm64 = skipUnless(
  arm64Bun !== undefined,
  "nothing runs programs for arm64: let this Debian reach its archive and npm its registry, as root or not",
);

/**
 * States that survive an emulator. It catches every signal for itself, so that what was ignored before cannot be seen, and answers
 * slowly, so that on a terminal the program says what it waits for.
 */
const EMULATED =
  /^(?:signal 15 blocked|descriptor 10 open|input from the middle of a file|is sent signal 9|arguments: options|environment: bytes that are no UTF-8)$/;

test("exec on arm64 leaves nothing for a command to notice", { skip: noArm64 }, async () => {
  await using azure = await startAzure();
  const { bench, remove } = makeBench();
  try {
    const variant = await variantOf(arm64Bun ?? "", azure);
    const prefix = [...emulator ?? [], arm64Bun ?? "", "exec", "--deadline", "120", "--"];
    const way = { ...variant.way, prefix };
    const { scenarios, different } = await runSuite(bench, { name: "arm64", runtime: "bun", way }, EMULATED);
    assert.equal(scenarios, 6);
    assert.deepEqual([...different], []);
  } finally {
    remove();
  }
});

test("export, info and doctor work on arm64", { skip: noArm64 }, async () => {
  await using azure = await startAzure();
  const env = { ...azure.env, ...azure.vault(), ...await azure.identity("client-secret") };
  const program = [...emulator ?? [], arm64Bun ?? ""];
  const info = await run([...program, "info"], env);
  assert.match(info.out, /^mlflow-auth \S+ \(bun \S+, aarch64-unknown-linux-gnu, /);
  const exported = await run([...program, "export", "--deadline", "120", "--format", "json"], env);
  assert.equal(JSON.parse(exported.out).MLFLOW_TRACKING_TOKEN, "mlflow-token-canary", exported.said);
  const doctor = await run([...program, "doctor", "--deadline", "120", "--json"], env);
  assert.equal(doctor.code, 0, doctor.out + doctor.said);
});

const deno = emulator === undefined ? undefined : arm64Deno();
const source = programBuilds().find(({ name }) => name === "source");

test("the program from source becomes a command under Deno for arm64", {
  skip: source?.skip || skipUnless(deno !== undefined, "npm cannot bring Deno for arm64: let it reach its registry"),
}, async () => {
  await using azure = await startAzure();
  const env = { ...azure.env, ...azure.vault(), ...await azure.identity("client-secret"), DENO_DIR: join(own, "deno") };
  const words = [...emulator ?? [], deno ?? "", ...source?.command.slice(3) ?? []];
  const ended = await run([...words, "exec", "--deadline", "300", "--", "printenv", "MLFLOW_TRACKING_TOKEN"], env);
  assert.deepEqual([ended.code, ended.out], [0, "mlflow-token-canary\n"], ended.said);
});

const musl = isX64 ? await muslRoot() : undefined;
const muslBun = musl === undefined ? undefined : await bunFor("bun-linux-x64-musl");

test("the build for musl knows its system and becomes a command", {
  skip: skipUnless(
    muslBun !== undefined && process.getuid?.() === 0,
    "there is no musl newer than 1.2.3: let this Debian reach its archive and pip its index, as root",
  ),
}, async () => {
  await using azure = await startAzure();
  const root = join(own, "root");
  execFileSync("cp", ["-r", musl ?? "", root]);
  for (const [from, to] of [[muslBun ?? "", "mlflow-auth"], [azure.caPath, "ca.pem"]] as const) {
    copyFileSync(from, join(root, to));
  }
  const printenv = join(import.meta.dirname ?? ".", "places", "printenv.c");
  execFileSync("cc", ["-O1", "-static", "-o", join(root, "usr/bin/printenv"), printenv]);
  const enter = [
    "unshare",
    "-m",
    "sh",
    "-c",
    'mount -t proc proc "$0/proc" && exec chroot "$0" /mlflow-auth "$@"',
    root,
  ];
  const env = {
    ...azure.env,
    ...azure.vault(),
    ...await azure.identity("client-secret"),
    HOME: "/tmp",
    MLFLOW_AUTH_CA_BUNDLE: "/ca.pem",
  };
  const info = await run([...enter, "info"], env);
  assert.match(info.out, /^mlflow-auth \S+ \(bun \S+, x86_64-unknown-linux-musl, /);
  const ended = await run([...enter, "exec", "--", "printenv", "MLFLOW_TRACKING_TOKEN"], env);
  assert.deepEqual([ended.code, ended.out], [0, "mlflow-token-canary\n"], ended.said);
  assert.equal((await run([...enter, "exec", "--", "printenv", "NOT_SET"], env)).code, 1);
  assert.equal((await run([...enter, "exec", "--", "nothing"], env)).code, 127);
  const doctor = await run([...enter, "doctor", "--json"], env);
  assert.equal(doctor.code, 0, doctor.out + doctor.said);
});
