import "../support/guard.ts";
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { programBuilds } from "../support/builds.ts";
import { debianProgram } from "../support/debian.ts";
import { skipUnless } from "../support/skip.ts";
import { makePlace, type Place, skipKeyring } from "./keyring/place.ts";

const PLACE = "@mlflow-auth/1/";
const CONFINE = fileURLToPath(new URL("keyring/confine.py", import.meta.url));
const SQUAT = fileURLToPath(new URL("keyring/squat.py", import.meta.url));
const python = debianProgram("python3", "python3-minimal");

/** A process that runs `exec`, and how it ends. */
interface Start {
  readonly child: ChildProcess;
  readonly end: Promise<{ readonly status: number | string | null; readonly stdout: string; readonly stderr: string }>;
}

function start({ program, env }: Place, wrap: readonly string[] = []): Start {
  const [command = "", ...args] = [...wrap, program, "exec", "--", "sh", "-c", 'printf %s "$MLFLOW_TRACKING_TOKEN"'];
  const child = spawn(command, args, { env, cwd: "/", stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout?.on("data", (chunk) => stdout += String(chunk));
  child.stderr?.on("data", (chunk) => stderr += String(chunk));
  const end = new Promise<Awaited<Start["end"]>>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ status: signal ?? code, stdout, stderr }));
  });
  return { child, end };
}

/** Waits for something; under load it comes later. */
async function until(seen: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const lateMs = Date.now() + 60_000;
  while (!await seen()) {
    if (Date.now() > lateMs) throw new Error(`${what} did not come`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const places = async (): Promise<readonly string[]> =>
  (await readFile("/proc/net/unix", "utf8")).split("\n").filter((line) => line.includes(PLACE));

/** One process that reads, held by the stand-in, and some that wait for it. */
async function oneForMany(at: Place, { many, wrap }: { readonly many: number; readonly wrap?: readonly string[] }) {
  // Held back until what is tested has happened.
  at.azure.world.faults.push({ kind: "delay", service: "vault", times: 2, ms: 3_000 });
  const leader = start(at, wrap);
  await until(() => at.azure.requests.length > 0, "the first request");
  const followers = Array.from({ length: many }, () => start(at, wrap));
  await until(async () => (await places()).length > many, "those who wait");
  return { leader, followers };
}

const STARTED = { status: 0, stdout: "mlflow-token-canary", stderr: "" };

for (const build of programBuilds().filter(({ name }) => name !== "source")) {
  const skip = build.skip || skipKeyring;

  test(`exec of the ${build.name} build reads once for all that start while it reads`, { skip }, async () => {
    await using at = await makePlace(build);
    const { leader, followers } = await oneForMany(at, { many: 6 });
    const ends = await Promise.all([leader, ...followers].map(({ end }) => end));
    assert.deepEqual(ends, ends.map(() => STARTED));
    assert.equal(at.azure.requests.length, 3);
    assert.deepEqual(await places(), []);
  });

  test(`exec of the ${build.name} build takes the place of one that is killed while it reads`, { skip }, async () => {
    await using at = await makePlace(build);
    const { leader, followers } = await oneForMany(at, { many: 4 });
    leader.child.kill("SIGKILL");
    assert.equal((await leader.end).status, "SIGKILL");
    assert.deepEqual(await Promise.all(followers.map(({ end }) => end)), followers.map(() => STARTED));
    assert.ok(at.azure.requests.length <= 6, `${at.azure.requests.length} requests`);
  });

  test(`exec of the ${build.name} build ends at once by a signal while it waits`, { skip }, async () => {
    await using at = await makePlace(build);
    const { leader, followers: [first, ...others] } = await oneForMany(at, { many: 3 });
    first?.child.kill("SIGINT");
    assert.equal((await first?.end)?.status, "SIGINT");
    const ends = await Promise.all([leader, ...others].map(({ end }) => end));
    assert.deepEqual(ends, ends.map(() => STARTED));
  });

  test(`exec of the ${build.name} build fails with the one that reads where asking again would fail too`, {
    skip,
  }, async () => {
    await using at = await makePlace(build);
    for (const vault of at.azure.world.vaults) vault.readers.clear();
    const { leader, followers } = await oneForMany(at, { many: 4 });
    const ends = await Promise.all([leader, ...followers].map(({ end }) => end));
    assert.deepEqual(new Set(ends.map(({ status }) => status)), new Set([125]));
    assert.equal(new Set(ends.map(({ stderr }) => stderr)).size, 1);
    assert.match(ends[0]?.stderr ?? "", /vault-forbidden/);
    assert.equal(at.azure.requests.length, 3);
  });

  test(`exec of the ${build.name} build tells those that wait also where the kernel keeps nothing`, {
    skip: skip || skipUnless(python, "python3 is not there"),
  }, async () => {
    await using at = await makePlace(build);
    const { leader, followers } = await oneForMany(at, { many: 4, wrap: ["python3", CONFINE, "eperm"] });
    const ends = await Promise.all([leader, ...followers].map(({ end }) => end));
    assert.deepEqual(ends, ends.map(() => STARTED));
    assert.equal(at.azure.requests.length, 3);
  });
}

const [deno] = programBuilds();

test("exec reads by itself where another user has taken the place", {
  skip: deno?.skip || skipKeyring || skipUnless(python && process.getuid?.() === 0, "root and python3 are needed"),
}, async () => {
  await using at = await makePlace(deno!);
  const { leader } = await oneForMany(at, { many: 0 });
  const [line = ""] = await places();
  const name = line.slice(line.indexOf("@") + 1);
  await leader.end;
  await at.run([at.program, "cache", "clear"]);
  const squatter = spawn("python3", [SQUAT, name, "54321"], { stdio: ["pipe", "pipe", "inherit"] });
  await new Promise((resolve) => squatter.stdout.once("data", resolve));
  const before = at.azure.requests.length;
  assert.deepEqual(await start(at).end, STARTED);
  assert.equal(at.azure.requests.length - before, 3);
  squatter.stdin.end();
  await new Promise((resolve) => squatter.once("close", resolve));
});
