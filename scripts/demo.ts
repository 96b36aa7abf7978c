/**
 * Every command against a stand-in for Azure and a small tracking server, both on loopback, each printed before its output:
 * `deno task demo`. It needs Deno alone and leaves nothing behind. Every secret in it is made up.
 *
 * @module
 */
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { hasColours } from "../src/cli/print_error.ts";
import { type Azure, startAzure } from "../tests/support/azure/start_azure.ts";
import { startTrackingServer } from "../tests/support/tracking_server.ts";
import { BuildError, ROOT, withTemporaryFolder } from "./build/build.ts";
import { bundle } from "./build/bundle.ts";
import { compile } from "./compile.ts";

/** A command of the demo. */
interface Scene {
  /** What it shows, printed above it. */
  readonly title: string;
  readonly command: string;
  /** The status it ends with; 0 by default. */
  readonly status?: number;
  /** What changes in Azure before it. */
  readonly before?: (azure: Azure) => void;
}

/** Any program that reads MLflow's variables; this one needs no Python. */
const TRAIN = `const { env } = Deno;
const basic = env.get("MLFLOW_TRACKING_USERNAME") + ":" + env.get("MLFLOW_TRACKING_PASSWORD");
const token = env.get("MLFLOW_TRACKING_TOKEN");
const authorization = token ? "Bearer " + token : "Basic " + btoa(basic);
const hidden = (name) => console.log("  " + name + "=" + (env.has(name) ? "*".repeat(env.get(name).length) : "(not set)"));
console.log("train.js has");
for (const name of ["TOKEN", "USERNAME", "PASSWORD"]) hidden("MLFLOW_TRACKING_" + name);
const response = await fetch(env.get("MLFLOW_TRACKING_URI") + "/api/2.0/mlflow/runs/create", {
  method: "POST",
  headers: { authorization, "content-type": "application/json" },
  body: JSON.stringify({ run_name: "demo" }),
});
if (!response.ok) {
  console.log("MLflow refused the run: HTTP " + response.status);
  Deno.exit(1);
}
console.log("MLflow created " + (await response.json()).run.info.run_id);
`;

const SCENES: readonly Scene[] = [
  { title: "Which version, which settings, and where each comes from", command: "mlflow-auth info" },
  {
    title: "Without a credential the tracking server refuses the training",
    command: "deno run -A train.js",
    status: 1,
  },
  { title: "With one it does not: for this process only", command: "mlflow-auth exec -- deno run -A train.js" },
  { title: "Or for this shell", command: 'eval "$(mlflow-auth export)" && deno run -A train.js' },
  { title: "And back again", command: "mlflow-auth export --unset" },
  {
    title: "A secret with a user name and a password",
    command: "mlflow-auth exec --secret-name mlflow-basic -- deno run -A train.js",
  },
  {
    title: "On a machine of Azure: no secret at all, its managed identity",
    command:
      'env -u AZURE_TENANT_ID -u AZURE_CLIENT_ID -u AZURE_CLIENT_SECRET mlflow-auth exec -- sh -c "echo it has one"',
  },
  { title: "Is everything right?", command: 'mlflow-auth doctor --dry-run "$MLFLOW_TRACKING_URI"' },
  { title: "The command's own end is what the caller sees", command: 'mlflow-auth exec -- sh -c "exit 7"', status: 7 },
  { title: "A command that is not there", command: "mlflow-auth exec -- pyhton train.py", status: 127 },
  { title: "A misspelled option", command: "mlflow-auth exec --secret-nam mlflow -- true", status: 125 },
  {
    title: "A host that is no Key Vault never sees a token",
    command: "mlflow-auth exec --vault-url https://vault.example/ -- true",
    status: 125,
  },
  { title: "A secret that is not there", command: "mlflow-auth exec --secret-name mlfow -- true", status: 125 },
  {
    title: "A failure inside eval stops the script",
    command: 'set -e; eval "$(mlflow-auth export --secret-name mlfow)"; echo "not reached"',
    status: 1,
  },
  {
    title: "Somebody takes the role away",
    command: "mlflow-auth exec -- true",
    status: 125,
    before: ({ world }) => world.vaults.forEach(({ readers }) => readers.clear()),
  },
  { title: "And doctor says why not", command: "mlflow-auth doctor", status: 1 },
];

/** The compiled program where it can be made here, else the program from source: a file to put into the PATH. */
async function writeProgram(folder: string): Promise<string> {
  const to = join(folder, "bin", "mlflow-auth");
  try {
    await compile({ runtime: "deno", out: to });
    return "a compiled executable";
  } catch (error) {
    if (!(error instanceof BuildError) || !error.message.includes("cannot be downloaded")) throw error;
  }
  const script = await bundle(join(ROOT, "src", "main.ts"), join(folder, "source"));
  const flags = "--quiet --no-config --no-lock --no-remote --no-npm --no-check --allow-all";
  await writeFile(to, `#!/bin/sh\nexec '${Deno.execPath()}' run ${flags} '${script}' "$@"\n`, { mode: 0o755 });
  return "the program from source, as no runtime for deno compile can be reached";
}

/** The first lines, before what takes some seconds. */
export const OPENING =
  "Azure and the tracking server are stand-ins on this machine, and every secret is made up.\nMaking mlflow-auth …";

/**
 * What stands above the output of a command.
 *
 * @param scene what it shows, and the command
 * @param colours whether to colour it
 * @returns two lines below an empty one
 *
 * @example
 * ```ts
 * import { heading } from "./demo.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(heading({ title: "Which version", command: "mlflow-auth info" }, false), "\n# Which version\n$ mlflow-auth info");
 * ```
 */
export function heading({ title, command }: Pick<Scene, "title" | "command">, colours: boolean): string {
  const paint = (code: number, text: string): string => colours ? `\x1b[${code}m${text}\x1b[0m` : text;
  return `\n${paint(36, `# ${title}`)}\n${paint(1, `$ ${command}`)}`;
}

async function demo(folder: string): Promise<boolean> {
  await mkdir(join(folder, "bin"));
  await symlink(Deno.execPath(), join(folder, "bin", "deno"));
  await writeFile(join(folder, "train.js"), TRAIN);
  console.log(OPENING);
  console.log(`mlflow-auth here: ${await writeProgram(folder)}`);
  await using azure = await startAzure();
  await using tracking = await startTrackingServer();
  const env = {
    PATH: `${join(folder, "bin")}:${dirname(Deno.execPath())}:/usr/local/bin:/usr/bin:/bin`,
    HOME: folder,
    TMPDIR: folder,
    LANG: "C.UTF-8",
    TERM: Deno.env.get("TERM") ?? "dumb",
    DENO_NO_UPDATE_CHECK: "1",
    ...azure.env,
    ...azure.vault(),
    ...await azure.identity("client-secret"),
    MLFLOW_TRACKING_URI: tracking.url,
  };
  const colours = hasColours({ isTerminal: () => Deno.stdout.isTerminal() }, Deno.env.toObject());
  let asExpected = true;
  for (const { title, command, status = 0, before } of SCENES) {
    before?.(azure);
    console.log(heading({ title, command }, colours));
    const shell = new Deno.Command("/bin/sh", {
      args: ["-c", command],
      cwd: folder,
      env,
      clearEnv: true,
      stdin: "null",
    });
    const { code } = await shell.spawn().status;
    if (code !== 0) console.log(`[${code}]`);
    if (code === status) continue;
    asExpected = false;
    console.log(`demo: status ${status} was expected`);
  }
  return asExpected;
}

if (import.meta.main) {
  if (Deno.build.os === "windows") {
    console.error("demo: it needs a POSIX shell; run it in WSL");
    Deno.exit(1);
  }
  const start = performance.now();
  const asExpected = await withTemporaryFolder(demo);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`\n${asExpected ? "All as it should be" : "Not all as it should be"}, in ${seconds} s`);
  if (!asExpected) Deno.exitCode = 1;
}
