import { execFile, type ExecFileException } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { installDebian } from "./debian.ts";

/** A set of packages of `tests/real/requirements`. */
export type Requirements =
  | "airflow"
  | "azure"
  | "azure_cli"
  | "distributed"
  | "kubeflow"
  | "mlflow"
  | "mlflow_oidc_auth"
  | "mlflow_training"
  | "pyspark"
  | "ray"
  | "uv"
  | "zizmor";

/** Such as `[3, 12]`. */
type Version = readonly [major: number, minor: number];

/** A Python of the machine. */
interface Interpreter {
  readonly path: string;
  /** Such as `3.12.1`. */
  readonly version: string;
}

const CACHE = join(homedir(), ".cache", "mlflow-auth-tests");
const PINS = new URL("../real/requirements/", import.meta.url);
const CANDIDATES = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10", "python"];
/** What an installer needs of the machine's environment, and a test must not get. */
const FOR_INSTALLERS =
  /^(path|home|user|tmpdir|lang|systemroot|localappdata|(https?|all|no)_proxy|pip_.*|uv_.*|ssl_cert_.*|requests_ca_bundle|curl_ca_bundle)$/i;
const PROBE = [
  "import sys, venv, ensurepip",
  "assert sys.version_info >= tuple(map(int, sys.argv[1:]))",
  "print(sys.executable)",
  "print('.'.join(map(str, sys.version_info[:3])))",
].join("\n");

/**
 * Gives a Python that has the pinned packages, from a virtual environment in `~/.cache/mlflow-auth-tests`, which is made first where it
 * is not there. Two that race make it twice, and one of the two is kept.
 *
 * @param name the packages, a file of `tests/real/requirements`
 * @param least the oldest version that runs them
 * @returns the path of its `python`
 * @throws Error, with the line that installs it, where there is no such Python and none can be installed
 */
export async function pythonWith(name: Requirements, least: Version = [3, 10]): Promise<string> {
  const interpreter = await findPython(least);
  const pins = await readFile(new URL(`${name}.txt`, PINS), "utf8");
  // The hashes say what may be installed, not what is.
  const installed = pins.replaceAll(/ \\\n {4}--hash=\S+/g, "").replaceAll(" --generate-hashes", "");
  const key = createHash("sha256").update(`${interpreter.path} ${interpreter.version}\n${installed}`).digest("hex")
    .slice(
      0,
      16,
    );
  const folder = join(CACHE, `${name}-${key}`);
  if (!await exists(pythonIn(folder))) await make(folder, { interpreter, name, pins });
  return pythonIn(folder);
}

/**
 * Gives a Python as {@link pythonWith} does, or why there is none, for `skipIfError`.
 *
 * @param name the packages
 * @param least the oldest version that runs them
 * @returns the path of its `python`, or the error
 */
export const tryPython = (name: Requirements, least?: Version): Promise<string | Error> =>
  pythonWith(name, least).catch((error: unknown) => error instanceof Error ? error : new Error(String(error)));

interface Making {
  readonly interpreter: Interpreter;
  readonly name: Requirements;
  readonly pins: string;
}

async function make(folder: string, { interpreter, name, pins }: Making): Promise<void> {
  const draft = `${folder}.${randomUUID()}.draft`;
  await mkdir(CACHE, { recursive: true });
  try {
    await run(interpreter.path, ["-m", "venv", draft]);
    await writeFile(join(draft, "requirements.txt"), pins);
    await install(draft, name);
    await redirectScripts(draft, folder);
    await rename(draft, folder);
  } catch (cause) {
    // Whoever came first has made the same.
    if (!await exists(pythonIn(folder))) throw cause;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function install(draft: string, name: Requirements): Promise<void> {
  const pins = join(draft, "requirements.txt");
  const pip = [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--no-cache-dir",
    "--no-compile",
    "--disable-pip-version-check",
    "--require-hashes",
    "-r",
    pins,
  ];
  if (name === "uv") return await run(pythonIn(draft), pip).then(() => {});
  try {
    const uv = join(await pythonWith("uv"), "..", process.platform === "win32" ? "uv.exe" : "uv");
    const index = process.env["PIP_INDEX_URL"];
    const from = index === undefined ? [] : ["--default-index", index];
    await run(uv, [
      "pip",
      "install",
      "--quiet",
      "--no-cache",
      "--require-hashes",
      ...from,
      "--python",
      pythonIn(draft),
      "-r",
      pins,
    ]);
  } catch {
    // uv is for speed alone, and knows less than pip about how a machine reaches its index.
    await run(pythonIn(draft), pip);
  }
}

/** A script names the Python that it was installed for by its path, which changes when the draft gets its name. */
async function redirectScripts(draft: string, folder: string): Promise<void> {
  const bin = join(draft, "bin");
  if (!await exists(bin)) return;
  for (const name of await readdir(bin)) {
    const path = join(bin, name);
    const { size, mode } = await stat(path);
    if (size > 100_000) continue;
    const text = await readFile(path, "utf8");
    if (text.includes(draft)) await writeFile(path, text.replaceAll(draft, folder), { mode });
  }
}

async function findPython(least: Version): Promise<Interpreter> {
  const found = await probeAll(least);
  if (found !== undefined) return found;
  const missing = `Cannot find Python ${least.join(".")} or later with its venv module; install it: ${installLine()}`;
  installDebian("python3", "python3-venv");
  const installed = await probeAll(least);
  if (installed === undefined) throw new Error(missing);
  return installed;
}

async function probeAll(least: Version): Promise<Interpreter | undefined> {
  for (const candidate of [...CANDIDATES, ...await pyenvPythons()]) {
    try {
      const [path, version] = (await run(candidate, ["-c", PROBE, ...least.map(String)])).split(/\r?\n/);
      if (path && version) return { path, version };
    } catch {
      // Not there, too old or without venv: the next one may do.
    }
  }
  return undefined;
}

/** pyenv's own commands start the version that it is set to, whatever they are called. */
async function pyenvPythons(): Promise<readonly string[]> {
  const versions = join(homedir(), ".pyenv", "versions");
  const names = await readdir(versions).catch(() => []);
  return names.sort().reverse().map((version) => join(versions, version, "bin", "python"));
}

function installLine(): string {
  if (process.platform === "darwin") return "brew install python@3.13";
  if (process.platform === "win32") return "winget install Python.Python.3.13";
  return "sudo apt-get install -y python3 python3-venv (Fedora: sudo dnf install -y python3; Alpine: apk add python3)";
}

function pythonIn(folder: string): string {
  return process.platform === "win32" ? join(folder, "Scripts", "python.exe") : join(folder, "bin", "python");
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(() => true, () => false);
}

function run(command: string, args: readonly string[]): Promise<string> {
  const kept = Object.entries(process.env).filter(([name]) => FOR_INSTALLERS.test(name));
  const env = { ...Object.fromEntries(kept), DEBIAN_FRONTEND: "noninteractive" };
  return new Promise((resolve, reject) => {
    execFile(command, args, { env, maxBuffer: 16 << 20 }, (error: ExecFileException | null, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      reject(
        new Error(`Cannot run "${command} ${args.join(" ").slice(0, 200)}": ${stderr.trim().slice(-2000)}`, {
          cause: error,
        }),
      );
    });
  });
}
