// @ts-check
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { digestOf, readChecksums } from "./checksums.mjs";
import { platformOf } from "./platform.mjs";
import { Refusal } from "./refusal.mjs";
import { releaseUrl } from "./release_url.mjs";
import { temporaryFolder } from "./run_script.mjs";
import { chooseVersion } from "./version.mjs";

/** @typedef {import("./inputs.mjs").Environment} Environment */

/**
 * What is installed.
 *
 * @typedef {object} Installed
 * @property {string} path of the program
 * @property {string} version
 * @property {string} repository whose release it is
 */

/**
 * Finds the program in the tool cache, or fetches it from the release and checks it first.
 *
 * @param {{ readonly version: string }} inputs
 * @param {Environment} env the step's environment
 * @returns {Promise<Installed>}
 * @throws {Refusal} where it cannot be had, or is not what the action expects
 */
export async function install({ version: wanted }, env) {
  const platform = platformOf(machineOf(env));
  const checksums = readChecksums(await readFile(new URL("sha256sums.json", import.meta.url), "utf8"));
  const version = chooseVersion({ wanted, ref: env["GITHUB_ACTION_REF"] ?? "", known: Object.keys(checksums) });
  const { archive, program, arch } = platform;
  const digest = digestOf(checksums, { version, archive });
  // An action of the same repository has no repository of its own.
  const repository = [env["GITHUB_ACTION_REPOSITORY"], env["GITHUB_REPOSITORY"]].find((name) => (name ?? "") !== "") ??
    "";
  const cache = (env["RUNNER_TOOL_CACHE"] ?? "") === "" ? temporaryFolder(env) : env["RUNNER_TOOL_CACHE"] ?? "";
  const folder = join(cache, "mlflow-auth", version, arch);
  const marker = `${folder}.complete`;
  const installed = { path: join(folder, program), version, repository };
  // Another revision of the action may know the version by other bytes, and another job may have changed these.
  const isThere = async () =>
    existsSync(installed.path) && await textOf(marker) === `${digest} ${await digestOfFile(installed.path)}`;
  if (await isThere()) return installed;
  await mkdir(dirname(folder), { recursive: true });
  // Beside its place, so that it gets there in one step: a job beside this one may do the same.
  const work = await mkdtemp(`${folder}.`);
  try {
    const url = releaseUrl({ repository, version, archive, base: env["MLFLOW_AUTH_RELEASES_URL"] ?? "" });
    const path = join(work, archive);
    await fetchFile(url, { path, env });
    await check(path, { digest, url });
    await extract(path, { to: join(work, "out"), program });
    const unpacked = await digestOfFile(join(work, "out", program));
    await rm(folder, { recursive: true, force: true });
    await rename(join(work, "out"), folder);
    await writeFile(marker, `${digest} ${unpacked}`);
  } catch (error) {
    // The job beside this one was faster.
    if (!await isThere()) throw error;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return installed;
}

/**
 * @param {Environment} env
 * @returns {import("./platform.mjs").Machine}
 */
function machineOf(env) {
  /** @type {Readonly<Record<string, string>>} */
  const names = { linux: "Linux", darwin: "macOS", win32: "Windows" };
  const report = /** @type {{ readonly header?: { readonly glibcVersionRuntime?: string } } | undefined} */ (
    process.report?.getReport()
  );
  return {
    os: env["RUNNER_OS"] ?? names[process.platform] ?? process.platform,
    arch: env["RUNNER_ARCH"] ?? process.arch.toUpperCase(),
    isMusl: process.platform === "linux" && report?.header !== undefined &&
      report.header.glibcVersionRuntime === undefined,
  };
}

/**
 * @param {URL} url
 * @param {{ readonly path: string, readonly env: Environment }} to
 */
async function fetchFile(url, { path, env }) {
  const cannot = (/** @type {string} */ why) =>
    new Refusal(
      `Cannot fetch "${url.protocol === "file:" ? fileURLToPath(url) : url.origin + url.pathname}": ${why}`,
      "check that the release exists and that the runner can reach it (HTTPS_PROXY; MLFLOW_AUTH_RELEASES_URL names a mirror)",
    );
  if (url.protocol === "file:") {
    await copyFile(fileURLToPath(url), path).catch((cause) => {
      throw cannot(cause.code ?? "it cannot be read");
    });
    return;
  }
  const script = fileURLToPath(new URL("download.mjs", import.meta.url));
  const ran = await run(process.execPath, [script, url.href, path], { ...env, NODE_USE_ENV_PROXY: "1" });
  if (ran.status !== 0) throw cannot(ran.stderr.split("\n").at(-1) ?? "it failed");
}

/**
 * @param {string} path
 * @returns {Promise<string>} its SHA-256
 */
const digestOfFile = async (path) => createHash("sha256").update(await readFile(path)).digest("hex");

/**
 * @param {string} path
 * @param {{ readonly digest: string, readonly url: URL }} expected
 */
async function check(path, { digest, url }) {
  const actual = await digestOfFile(path);
  if (actual === digest) return;
  throw new Refusal(
    `Cannot use "${url.pathname.split("/").at(-1)}": its SHA-256 is ${actual}, and the action expects ${digest}`,
    "do not run it: compare it with the SHA256SUMS of the release, and report the difference",
  );
}

/**
 * @param {string} path
 * @param {{ readonly to: string, readonly program: string }} options
 */
async function extract(path, { to, program }) {
  await mkdir(to);
  // The tar of Git for Windows reads no zip, and takes a drive for a host.
  const tar = process.platform === "win32"
    ? join(process.env["SystemRoot"] ?? "C:\\Windows", "System32", "tar.exe")
    : "tar";
  const ran = await run(tar, ["-xf", path, "-C", to], process.env);
  if (ran.status !== 0 || !existsSync(join(to, program))) {
    throw new Refusal(
      `Cannot unpack "${path}": ${ran.status === 0 ? `it holds no ${program}` : `tar ended with ${ran.status}`}`,
      "check that tar is installed, and report it if it is",
    );
  }
  await chmod(join(to, program), 0o755);
}

/**
 * @param {string} path
 * @returns {Promise<string | undefined>} its text, where it is there
 */
const textOf = (path) => readFile(path, "utf8").catch(() => undefined);

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {Environment} env
 * @returns {Promise<{ readonly status: number | string, readonly stderr: string }>}
 */
const run = (program, args, env) =>
  new Promise((resolve) => {
    execFile(program, args, { env }, (error, _stdout, stderr) => resolve({ status: error?.code ?? 0, stderr }));
  });
