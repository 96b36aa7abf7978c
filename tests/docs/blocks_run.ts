/**
 * Runs the files of `docs/deployment` as their platforms would, against the stand-in for Azure:
 * `deno run -A tests/docs/blocks_run.ts <program>`.
 *
 * @module
 */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ROOT } from "../../scripts/build/build.ts";
import { findSecret } from "../support/canary.ts";
import { blocksOf } from "./blocks_of.ts";
import { PAGE_RUNS, type PageRun } from "./blocks_scripts.ts";
import { findInterpreter } from "./interpreters.ts";
import { setScene } from "./scenes.ts";
import type { Program } from "./session.ts";

/** What came of it. */
export interface PagesRun {
  readonly passed: number;
  /** Pages that this machine cannot run, with the reason. */
  readonly skipped: readonly string[];
  /** A few lines for each page that did not do what it says. */
  readonly faults: readonly string[];
}

const DEADLINE_MS = 60_000;

/** What every page's training says here, if it has a token, the server, and nothing of the job's own proof. */
const TRAINING = `#!/bin/sh
[ -n "\${MLFLOW_TRACKING_TOKEN-}" ] || { echo "training without a token"; exit 1; }
[ -z "\${MLFLOW_TRACKING_PASSWORD+x}\${MLFLOW_RUN_ID+x}\${ACTIONS_ID_TOKEN_REQUEST_TOKEN+x}\${GITLAB_OIDC_TOKEN+x}" ] || {
  echo "training with more than a token"
  exit 1
}
echo "training at $MLFLOW_TRACKING_URI"
`;

/** Programs that pages start, as far as a page needs them. */
const TOOLS: Readonly<Record<string, string>> = {
  python: TRAINING,
  python3: TRAINING,
  gunicorn: TRAINING,
  torchrun: TRAINING,
  start_nonappservice: TRAINING,
  pip: "#!/bin/sh\n",
  scontrol: "#!/bin/sh\necho node1\n",
  srun: '#!/bin/sh\nwhile case $1 in -*) ;; *) false ;; esac; do shift; done\nexec "$@"\n',
  mpirun: '#!/bin/sh\nshift 2\nexec "$@"\n',
  "spark-submit": TRAINING,
  Rscript: TRAINING,
  // What it does with an image of the docs: its own command, with the variables of the file but those that lead to the certificate.
  docker: `#!/bin/sh
while [ $# -gt 1 ]; do
  [ "$1" = --env-file ] && file=$2
  shift
done
while IFS= read -r line; do
  case $line in AZURE_TENANT_ID=* | AZURE_CLIENT_*) ;; *) export "$line" ;; esac
done < "$file"
exec mlflow-auth exec -- python train.py
`,
};

/** Places of a machine that a page speaks of, as they are called in the folder of the run. */
const places = (folder: string): readonly (readonly [RegExp, string])[] => [
  // First: the others lead to folders below /tmp.
  [/\/tmp\/(?=mlflow-auth|$)/gm, `${folder}/tmp/`],
  [/\/usr\/local\/bin\/mlflow-auth|\/tools\/mlflow-auth|"\$HOME\/bin\/mlflow-auth"/g, "mlflow-auth"],
  [/\/opt\/startup\/start_nonappservice\.sh/g, "start_nonappservice"],
  [/\/etc\/mlflow-auth\/|\/opt\/train\b/g, `${folder}/`],
  [/venv\/bin\/python/g, "python"],
  [/^export AZURE_(?:TENANT_ID|CLIENT_ID|CLIENT_CERTIFICATE_PATH)=.*$/gm, ":"],
];

interface Place {
  readonly folder: string;
  readonly program: Program;
  /** What the page's `real` starts. */
  readonly interpreter: string | undefined;
}

async function prepare(
  files: Readonly<Record<string, string>>,
  { folder, program, interpreter }: Place,
): Promise<void> {
  const tools = {
    ...TOOLS,
    "mlflow-auth": `#!/bin/sh\nexec ${program.map((word) => `'${word}'`).join(" ")} "$@"\n`,
    ...(interpreter === undefined ? {} : { real: `#!/bin/sh\nexec '${interpreter}' "$@"\n` }),
  };
  for (const name of ["bin", "home", "tmp", "env"]) await mkdir(join(folder, name));
  for (const [name, text] of Object.entries(tools)) await writeFile(join(folder, "bin", name), text, { mode: 0o755 });
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

/** Files below a folder that hold a secret of the run; what `exec` starts writes down what it likes. */
async function leaksIn(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && findSecret(await readFile(path, "latin1")) !== undefined) found.push(path);
  }
  return found;
}

async function faultOf(run: PageRun, program: Program, interpreter: string | undefined): Promise<string | undefined> {
  const path = `docs/deployment/${run.page}.md`;
  const blocks = blocksOf(await Deno.readTextFile(join(ROOT, path)), path);
  const folder = realpathSync(await mkdtemp(join(tmpdir(), "mlflow-auth-pages-")));
  try {
    await using scene = await setScene(run.scene);
    // The page itself says which secret is read.
    const { MLFLOW_AZURE_KEY_VAULT_URL: _url, MLFLOW_AZURE_SECRET_NAME: _name, ...env } = scene.env;
    await prepare(run.files?.(blocks) ?? {}, { folder, program, interpreter });
    const script = places(folder).reduce((text, [here, there]) => text.replaceAll(here, there), run.script(blocks));
    const { code, stdout, stderr } = await new Deno.Command("bash", {
      args: ["-ec", script],
      clearEnv: true,
      cwd: folder,
      env: {
        PATH: `${join(folder, "bin")}:/usr/bin:/bin`,
        HOME: join(folder, "home"),
        TMPDIR: join(folder, "tmp"),
        SLURM_JOB_NODELIST: "node[1-2]",
        SLURM_NNODES: "2",
        SLURM_JOB_ID: "1",
        // The metadata service of a cloud machine must not be asked.
        AZURE_POD_IDENTITY_AUTHORITY_HOST: "http://127.0.0.1:9",
        ...env,
      },
      stdin: "null",
      signal: AbortSignal.timeout(DEADLINE_MS),
    }).output();
    const [said = "", told = ""] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    const leak = findSecret(said) ?? findSecret(told);
    if (leak !== undefined) return `${path}: its output holds ${leak}`;
    const leaks = await leaksIn(folder);
    if (leaks.length > 0) return `${path}: a secret lies in ${leaks.join(", ")}`;
    const trained = /^training at https:\/\/mlflow\.example\.com$/m.test(said);
    return code === 0 && trained ? undefined : `${path}: status ${code}\n${said}${told}`.trimEnd();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Runs the file of every page that can run here.
 *
 * @param program how `mlflow-auth` is started
 * @returns how many did what they say, and what is wrong with the others
 */
export async function runPages(program: Program): Promise<PagesRun> {
  const faults: string[] = [];
  const skipped: string[] = [];
  let passed = 0;
  for (const run of PAGE_RUNS) {
    const found = run.needs === undefined ? { path: undefined } : await findInterpreter(run.needs);
    if ("missing" in found) {
      skipped.push(`${run.page}: ${found.missing}`);
      continue;
    }
    const fault = await faultOf(run, program, found.path);
    if (fault === undefined) passed += 1;
    else faults.push(fault);
  }
  return { passed, skipped, faults };
}

if (import.meta.main) {
  const { passed, skipped, faults } = await runPages(
    Deno.args.map((word) => word.startsWith(".") ? join(ROOT, word) : word),
  );
  for (const fault of faults) console.log(fault);
  console.log([`pages: ${passed} ran, ${faults.length} wrong`, ...skipped].join("\n"));
  if (faults.length > 0) Deno.exitCode = 1;
}
