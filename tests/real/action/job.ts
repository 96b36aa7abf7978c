import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { Checkout } from "./release.ts";

/** What a step is started with. */
export interface StepOptions {
  readonly inputs?: Readonly<Record<string, string>>;
  /** Besides what the runner and the steps before have set; `undefined` takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What to do with the process while it runs. */
  readonly meanwhile?: (step: { readonly pid: number; readonly shown: () => string }) => Promise<void>;
}

/** How a step ended. */
export interface Step {
  readonly status: number;
  /** The log as people see it: masks hide what they name, from where they stand on in their stream. */
  readonly log: string;
  /** What the step asked to hide, in order. */
  readonly masks: readonly string[];
  /** Variables that the step set for later ones, in order. */
  readonly env: readonly (readonly [name: string, value: string])[];
  readonly path: readonly string[];
  readonly state: readonly (readonly [name: string, value: string])[];
  readonly summary: string;
}

/** A job, as the runner keeps it. */
export interface Job extends AsyncDisposable {
  readonly folder: string;
  readonly workspace: string;
  readonly temp: string;
  /** Runs the action's step. */
  readonly step: (options?: StepOptions) => Promise<Step>;
  /** Runs the post step of the last one. */
  readonly post: () => Promise<Step>;
  /** The environment that a step after the last one would have. */
  readonly env: () => Readonly<Record<string, string>>;
}

/**
 * Starts a job on a runner that does for the action what GitHub's does: it hands over `RUNNER_*`, `GITHUB_*` and `INPUT_*`, reads
 * the commands in the log, and the files that `GITHUB_ENV` and its like name.
 *
 * @param checkout the action, as the runner has fetched it
 * @param options node, and what the job's `env:` sets
 * @returns the job; its folder goes away with it
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
export async function startJob(
  checkout: Checkout,
  { node, env }: { readonly node: string; readonly env: Readonly<Record<string, string>> },
): Promise<Job> {
  const folder = await mkdtemp(join(tmpdir(), "mlflow-auth-job-"));
  const at = (name: string): string => join(folder, name);
  for (const name of ["work", "temp", "tools", "home", "files"]) mkdirSync(at(name));
  const own = {
    PATH: "/usr/local/bin:/usr/bin:/bin",
    HOME: at("home"),
    CI: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_WORKSPACE: at("work"),
    GITHUB_REPOSITORY: "contoso/training",
    GITHUB_ACTION_REPOSITORY: "ml/mlflow-auth",
    GITHUB_ACTION_REF: `v${checkout.version}`,
    GITHUB_EVENT_NAME: "push",
    GITHUB_ACTOR: "ann",
    RUNNER_OS: process.platform === "darwin" ? "macOS" : "Linux",
    RUNNER_ARCH: process.arch.toUpperCase(),
    RUNNER_TEMP: at("temp"),
    RUNNER_TOOL_CACHE: at("tools"),
    MLFLOW_AUTH_RELEASES_URL: checkout.releases,
    ...env,
  };
  const later: { env: Record<string, string>; path: string[]; last: StepOptions; state: Step["state"] } = {
    env: {},
    path: [],
    last: {},
    state: [],
  };
  const environment = (): Record<string, string> => ({
    ...own,
    ...later.env,
    PATH: [...later.path.toReversed(), own.PATH].join(":"),
  });
  const run = async (script: string, options: StepOptions): Promise<Step> => {
    const files = filesOf(at("files"));
    const inputs = Object.entries({ export: "false", ...options.inputs }).map(([name, value]) =>
      [`INPUT_${name.toUpperCase()}`, value] as const
    );
    const state = later.state.map(([name, value]) => [`STATE_${name}`, value] as const);
    const all = {
      ...environment(),
      // What an action gets, and a script does not.
      ACTIONS_RUNTIME_TOKEN: "runtime-token-canary",
      ACTIONS_RESULTS_URL: "https://results.example/",
      ...Object.fromEntries([...inputs, ...state]),
      ...files,
      ...options.env,
    };
    const set = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
    const ended = await start([node, join(checkout.folder, "action", script)], {
      cwd: at("work"),
      env: set as Record<string, string>,
      meanwhile: options.meanwhile,
    });
    return { ...ended, ...readFiles(files) };
  };
  return {
    folder,
    workspace: at("work"),
    temp: at("temp"),
    env: environment,
    step: async (options = {}) => {
      const step = await run("main.mjs", options);
      Object.assign(later.env, Object.fromEntries(step.env));
      later.path.push(...step.path);
      [later.last, later.state] = [options, step.state];
      return step;
    },
    post: () => run("post.mjs", { inputs: later.last.inputs ?? {} }),
    [Symbol.asyncDispose]: () => Promise.resolve(rmSync(folder, { recursive: true, force: true })),
  };
}

interface Started {
  readonly cwd: string;
  readonly env: Record<string, string>;
  readonly meanwhile: StepOptions["meanwhile"];
}

async function start(
  [program = "", ...args]: readonly string[],
  { cwd, env, meanwhile }: Started,
): Promise<Pick<Step, "status" | "log" | "masks">> {
  const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const text = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => text.stdout += String(chunk));
  child.stderr.on("data", (chunk) => text.stderr += String(chunk));
  const ended = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 255));
  });
  await meanwhile?.({ pid: child.pid ?? 0, shown: () => text.stdout + text.stderr });
  const status = await ended;
  const [stdout, stderr] = [readLog(text.stdout), readLog(text.stderr)];
  return { status, log: stdout.shown + stderr.shown, masks: [...stdout.masks, ...stderr.masks] };
}

/** One stream, as the runner reads it: line after line. */
function readLog(text: string): { readonly shown: string; readonly masks: readonly string[] } {
  const masks: string[] = [];
  const shown = text.split("\n").map((line) => {
    const mask = /^::add-mask::(.*)$/.exec(line)?.[1];
    if (mask !== undefined) {
      masks.push(mask.replaceAll("%0A", "\n").replaceAll("%0D", "\r").replaceAll("%25", "%"));
      return "::add-mask::***";
    }
    return masks.toSorted((a, b) => b.length - a.length).reduce((left, hidden) => left.replaceAll(hidden, "***"), line);
  });
  return { shown: shown.join("\n"), masks };
}

function filesOf(folder: string): Readonly<Record<string, string>> {
  const names = ["GITHUB_ENV", "GITHUB_PATH", "GITHUB_STATE", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"];
  return Object.fromEntries(names.map((name) => {
    const path = join(folder, name);
    writeFileSync(path, "");
    return [name, path];
  }));
}

function readFiles(
  files: Readonly<Record<string, string>>,
): Pick<Step, "env" | "path" | "state" | "summary"> {
  const read = (name: string): string => existsSync(files[name] ?? "") ? readFileSync(files[name] ?? "", "utf8") : "";
  return {
    env: entriesOf(read("GITHUB_ENV")),
    path: linesOf(read("GITHUB_PATH")),
    state: entriesOf(read("GITHUB_STATE")),
    summary: read("GITHUB_STEP_SUMMARY"),
  };
}

/** Lines of such a file. One that is empty makes the runner `act` refuse the file, and hand on nothing of it. */
function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.pop() !== "") throw new Error("The last line has no end");
  return lines;
}

/** Entries of such a file: `NAME=value`, or `NAME<<delimiter` with lines up to the delimiter. */
function entriesOf(text: string): readonly (readonly [string, string])[] {
  const entries: [string, string][] = [];
  const lines = linesOf(text);
  while (lines.length > 0) {
    const line = lines.shift() ?? "";
    const [, name, delimiter] = /^([^=<]+)<<(.+)$/.exec(line) ?? [];
    if (name !== undefined && delimiter !== undefined) {
      const end = lines.indexOf(delimiter);
      if (end === -1) throw new Error(`${name} has no end`);
      entries.push([name, lines.splice(0, end + 1).slice(0, -1).join("\n")]);
    } else {
      const at = line.indexOf("=");
      if (at < 1) throw new Error("A line sets nothing");
      entries.push([line.slice(0, at), line.slice(at + 1)]);
    }
  }
  return entries;
}
