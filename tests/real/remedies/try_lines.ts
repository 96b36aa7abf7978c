import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import type { Report } from "../../../src/doctor/report.ts";
import { type Azure, type AzureOptions, startAzure } from "../../support/azure/start_azure.ts";
import type { ProgramBuild } from "../../support/builds.ts";
import { findSecret } from "../../support/canary.ts";
import type { Variables } from "../doctor/failure.ts";
import { kindOf, linesOf } from "./lines.ts";
import type { Outcome, State } from "./state.ts";

/** One line of a remedy, as it was printed, and what became of it. */
export interface Tried {
  readonly line: string;
  readonly kind: "run" | "az" | "listed";
  /** Why the line does not do what it is for; `undefined` where it does, or was not run. */
  readonly fault?: string;
}

/** What a state printed. */
export interface Seen {
  readonly state: string;
  readonly remedies: readonly string[];
  readonly tried: readonly Tried[];
}

interface Ran {
  readonly stdout: string;
  readonly stderr: string;
}

const LONGEST_MS = 60_000;

interface World {
  readonly env: Variables;
  /** What is typed in. */
  readonly types?: string | undefined;
}

/** Runs a text of shell, as somebody at a prompt does; what it leaves running ends with it. */
async function shell(text: string, args: readonly string[], { env, types = "" }: World): Promise<Ran> {
  const child = spawn("/bin/sh", ["-c", text, "sh", ...args], {
    env,
    cwd: env["HOME"],
    stdio: ["pipe", "pipe", "pipe"],
    // A group of its own, without a terminal: a tool that asks for a password reads what is typed here.
    detached: true,
    timeout: LONGEST_MS,
  });
  child.stdin.on("error", () => {}).end(types === "" ? "" : `${types}\n`);
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => stdout += String(chunk));
  child.stderr.on("data", (chunk) => stderr += String(chunk));
  await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
  // The group outlives its leader where a line was left running.
  try {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
  } catch {
    // Nothing was.
  }
  await new Promise((resolve) => child.stdout.readableEnded ? resolve(undefined) : child.once("close", resolve));
  return { stdout, stderr };
}

interface Said {
  readonly code: string;
  readonly remedy: string;
}

/** What the program said in its output: errors, and findings that are not well. */
function saidIn({ stdout, stderr }: Ran): readonly Said[] {
  const report = /^\{\n {2}"schemaVersion"[\s\S]*"findings"[\s\S]*^\}$/m.exec(stdout)?.[0];
  const findings = report === undefined ? [] : (JSON.parse(report) as Report).findings;
  return [
    ...findings.filter(({ status }) => status === "fail" || status === "warn").map(({ code, remedy }) => ({
      code: `${code}`,
      remedy: remedy ?? "",
    })),
    ...[...stderr.matchAll(/^ {2}try: {2}(.*?)\r?\n {2}more: mlflow-auth explain ([a-z-]+)/gm)].map(
      ([, remedy = "", code = ""]) => ({ code, remedy }),
    ),
  ];
}

function filled(line: string, outcome: Outcome, azure: Azure): string {
  const words = typeof outcome.fill === "function" ? outcome.fill(azure) : outcome.fill ?? {};
  return Object.entries(words).reduce((text, [word, by]) => text.replaceAll(word, by), line);
}

/** Files of others must stay as they are, and nothing may leave this machine. */
function harm(line: string, env: Variables): string | undefined {
  const home = env["HOME"] ?? "/nowhere";
  const paths = line.match(/(?<=[\s'])\/(?!CN=)[\w./-]+/g) ?? [];
  const writes = /(?:^|; |&& )(?:chmod|mv|sed -i)|>/.test(line);
  if (writes && paths.some((path) => !path.startsWith(home) && path !== "/dev/null")) {
    return "writes outside of its folder";
  }
  const host = /^curl .*https?:\/\/([^/: ]+)/.exec(line)?.[1];
  const isHere = host === undefined || /^(?:127\.0\.0\.1|localhost)$/.test(host);
  return !isHere && (env["HTTPS_PROXY"] ?? "") === "" ? "would leave this machine" : undefined;
}

/** The line is what was typed, done right: it is not followed by the command once more. */
const isRetry = (line: string): boolean => /(?:^|\$\(|[A-Z_]=\S+ )mlflow-auth (?!export --unset)/.test(line);

const LINE_OVER = "--- the line has been run ---";

async function run(line: string, outcome: Outcome, { state, env, argv, azure }: Stage): Promise<string | undefined> {
  const text = filled(line, outcome, azure);
  const left = /<[A-Za-z][^>]*>|…/.exec(text)?.[0];
  if (left !== undefined) return `nothing says what to write for ${left}`;
  const danger = harm(text, env);
  if (danger !== undefined) return danger;
  const again = state.shell === undefined ? '"$@"' : `sh -c '${state.shell.replaceAll("'", "'\\''")}' sh "$@"`;
  const script = [
    ...outcome.before === undefined ? [] : [outcome.before],
    // What a shell function of the files sets, such as PATH, is set for the line too.
    ...state.shell?.match(/^cd .*$/m) ?? [],
    outcome.background === true ? `${text} >/dev/null 2>&1 &\nsleep 10` : text,
    `echo '${LINE_OVER}'; echo '${LINE_OVER}' >&2`,
    ...isRetry(line) || outcome.shows !== undefined ? [] : [again],
  ].join("\n");
  const ran = await shell(script, argv, { env, types: outcome.types });
  const of = (output: string, at: 0 | 1): string => output.split(`${LINE_OVER}\n`)[at] ?? "";
  const [own, after] = [0, 1].map((at) => ({ stdout: of(ran.stdout, at as 0), stderr: of(ran.stderr, at as 0) }));
  if (own === undefined || after === undefined) return "printed nothing";
  const shown = (own.stdout + own.stderr).trim();
  if (!ran.stdout.includes(LINE_OVER)) return `the shell ended: ${shown.slice(-300)}`;
  if (outcome.shows !== undefined) {
    if (/not found\n/.test(own.stderr) && !outcome.shows.test("")) return `no such tool: ${own.stderr}`;
    return outcome.shows.test(shown) ? undefined : `shows ${JSON.stringify(shown.slice(-400))}`;
  }
  if (/^sh: |: not found$|syntax error/m.test(own.stderr)) return `the shell says: ${own.stderr.slice(-300)}`;
  const codes = saidIn(isRetry(line) ? own : after).map(({ code }) => code);
  if (outcome.next !== undefined) {
    return codes.includes(outcome.next) ? undefined : `leads to [${codes.join(", ")}], not to ${outcome.next}`;
  }
  return codes.includes(state.code) ? `the failure stays: ${(after.stderr + after.stdout).slice(-600)}` : undefined;
}

interface Stage {
  readonly state: State;
  readonly azure: Azure;
  readonly env: Variables;
  readonly argv: readonly string[];
}

async function stageOf(state: State, azure: Azure, build: ProgramBuild): Promise<Stage> {
  const { identity = "client-secret", secret = "mlflow", args = ["doctor", "--json"] } = state;
  const who = identity === "nobody" ? {} : await azure.identity(identity);
  const more = await state.arrange?.(azure) ?? {};
  const given: Variables = {
    HOME: azure.folder,
    MLFLOW_TRACKING_URI: "",
    NO_COLOR: "1",
    ...azure.env,
    ...azure.vault({ secret }),
    ...who,
    ...more,
    ...state.env,
  };
  const bin = join(azure.folder, "mlflow-auth-bin");
  await mkdir(bin, { recursive: true });
  const own = join(bin, "mlflow-auth");
  if (!existsSync(own)) {
    const [program, ...words] = build.command;
    if (words.length === 0) await symlink(program, own);
    else {await writeFile(own, `#!/bin/sh\nexec ${build.command.map((word) => `'${word}'`).join(" ")} "$@"\n`, {
        mode: 0o755,
      });}
  }
  const env = { ...given, PATH: `${bin}:${given["PATH"] ?? "/usr/bin:/bin"}` };
  return { state, azure, env, argv: ["mlflow-auth", ...args] };
}

/**
 * Makes a state for real, and runs each line of the remedies that it prints for its failure, each in the state anew.
 *
 * @param state the state
 * @param options keys of the stand-in for Azure, which take long to make, and the program
 * @returns the lines, with what became of them
 */
export async function tryLines(
  state: State,
  { build, ...azureOptions }: AzureOptions & { readonly build: ProgramBuild },
): Promise<Seen> {
  const withState = async <T>(body: (stage: Stage) => Promise<T>): Promise<T> => {
    await using azure = await startAzure({ ...state.options, ...azureOptions });
    return await body(await stageOf(state, azure, build));
  };
  const first = await withState(async (stage) => {
    const ran = await shell(state.shell ?? 'exec "$@"', stage.argv, stage);
    const said = saidIn(ran).filter(({ code }) => code === state.code);
    if (said.length === 0) throw new Error(`${state.code} is not named: ${(ran.stderr + ran.stdout).slice(-1500)}`);
    const leak = findSecret(ran.stderr);
    if (leak !== undefined) throw new Error(`shows ${leak}`);
    return said.map(({ remedy }) => remedy);
  });
  const remedies = [...new Set(first)];
  const count = remedies.flatMap(linesOf).length;
  const tried: Tried[] = [];
  for (let at = 0; at < count; at++) {
    tried.push(
      await withState(async (stage) => {
        // The folder of a state has another name each time.
        const ran = await shell(state.shell ?? 'exec "$@"', stage.argv, stage);
        const lines = [...new Set(saidIn(ran).filter(({ code }) => code === state.code).map(({ remedy }) => remedy))]
          .flatMap(linesOf);
        // Of several hosts that fail at once, not each is told of every time.
        const line = lines[at] ?? lines[0] ?? "";
        const kind = kindOf(line);
        if (kind !== "run") return { line, kind };
        const own = Object.entries(state.lines ?? {}).findLast(([start]) => line.startsWith(start))?.[1];
        const fault = await run(line, own ?? state, stage);
        return { line, kind, ...(fault === undefined ? {} : { fault }) };
      }),
    );
  }
  return { state: state.name, remedies, tried };
}
