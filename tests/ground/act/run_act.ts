import { spawn } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { Checkout } from "../../real/action/release.ts";

/** How the action is named in a workflow; `act` takes it from a folder in place of GitHub. */
export const USES = "ml/mlflow-auth@v9.9.9";

/** An action whose post step comes after those of the steps behind it, and says what it still sees. */
export const USES_LAST = "ml/last@v1";

/** What a workflow is run with. */
export interface ActOptions {
  /** Path of `act`. */
  readonly act: string;
  /** Path of the Node that runs actions. */
  readonly node: string;
  readonly checkout: Checkout;
  /** Variables of every step. */
  readonly env: Readonly<Record<string, string>>;
}

/** How a workflow ended. */
export interface Acted {
  readonly status: number;
  /** The whole log, as `act` prints it: masks are applied. */
  readonly log: string;
  /** What the scripts printed, a line each. */
  readonly printed: readonly string[];
}

const LAST = {
  "action.yml": "name: last\nruns:\n  using: node24\n  main: main.js\n  post: post.js\n",
  "main.js": "",
  "post.js":
    "console.log(`after all: [${process.env.MLFLOW_TRACKING_TOKEN}] [${process.env.MLFLOW_TRACKING_PASSWORD}]`);\n",
};

/**
 * Runs the steps of a job with `act` on this machine, in no container.
 *
 * @param steps the YAML of the steps, indented as below `steps:`
 * @param options what to run them with
 * @returns how it ended
 */
export async function runAct(steps: string, { act, node, checkout, env }: ActOptions): Promise<Acted> {
  const folder = await mkdtemp(join(tmpdir(), "mlflow-auth-act-"));
  const at = (...names: readonly string[]): string => join(folder, ...names);
  try {
    for (const name of ["home", "work/.github/workflows", "last", "config/act"]) {
      mkdirSync(at(name), { recursive: true });
    }
    for (const [name, text] of Object.entries(LAST)) writeFileSync(at("last", name), text);
    writeFileSync(at("config", "act", "actrc"), "");
    const job = `name: w\non: push\njobs:\n  job:\n    runs-on: ubuntu-latest\n    steps:\n${steps}`;
    writeFileSync(at("work", ".github", "workflows", "w.yml"), job);
    git(at("work"));
    cpSync(checkout.folder, at("action"), { recursive: true });
    chmodSync(at("action"), 0o755);
    git(at("action"));
    git(at("last"));
    const variables = Object.entries({ ...env, MLFLOW_AUTH_RELEASES_URL: checkout.releases })
      .flatMap(([name, value]) => ["--env", `${name}=${value}`]);
    const args = [
      "push",
      "--platform=ubuntu-latest=-self-hosted",
      `--local-repository=${USES}=${at("action")}`,
      `--local-repository=${USES_LAST}=${at("last")}`,
      "--no-cache-server",
      ...variables,
    ];
    return await start([act, ...args], {
      cwd: at("work"),
      env: {
        HOME: at("home"),
        XDG_CACHE_HOME: at("cache"),
        XDG_CONFIG_HOME: at("config"),
        PATH: [dirname(node), "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter),
        NO_COLOR: "1",
      },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `act` asks git for the commit that it runs. */
function git(folder: string): void {
  const own = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main"];
  for (const words of [["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message=x"]]) {
    execFileSync("git", [...own, ...words], { cwd: folder });
  }
  execFileSync("git", ["remote", "add", "origin", "https://github.com/contoso/training"], { cwd: folder });
}

function start(
  [program = "", ...args]: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<Acted> {
  const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => chunks.push(text));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => {
      const log = chunks.join("");
      const printed = [...log.matchAll(/^\[[^\]]*\] {3}\| (.*)$/gm)].map(([, line = ""]) => line.trimEnd());
      resolve({ status: status ?? 255, log, printed });
    });
  });
}
