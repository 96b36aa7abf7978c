import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Output, Step, Transcript } from "../support/transcript.ts";
import { setScene } from "./scenes.ts";

/** How the program is started: a command line without a shell's own characters. */
export type Program = readonly string[];

/** What ran: what each step gave, or `undefined` where the shell ended before it. */
export type Ran = ReadonlyMap<Step, Output | undefined>;

const DEADLINE_MS = 120_000;

/** A training script's stand-in: says which kind of credential it got, and no more of it. */
const PYTHON = `#!/bin/sh
if [ -n "\${MLFLOW_TRACKING_TOKEN-}" ]; then echo "training with a token"
elif [ -n "\${MLFLOW_TRACKING_USERNAME-}" ] && [ -n "\${MLFLOW_TRACKING_PASSWORD-}" ]; then
  echo "training as $MLFLOW_TRACKING_USERNAME"
else echo "training without a credential"; exit 1
fi
`;

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** What one run or machine does not share with the next: folders, ports, times, the ids of requests, and what runs the program. */
function normal(text: string, folder: string): string {
  return text
    .replaceAll(join(folder, "home"), "/home/me")
    .replaceAll(folder, "/tmp")
    .replaceAll(/\/[^\s"':]*mlflow-auth-azure-\w+/g, "/tmp/azure")
    .replaceAll(/\b(127\.0\.0\.1|localhost):\d{4,5}\b/g, "$1:<port>")
    .replaceAll(/\b20\d\d-\d\d-\d\d \d\d:\d\d UTC\b/g, "<time>")
    .replaceAll(/\b\d+ ms\b/g, "<n> ms")
    .replaceAll(/("durationMs": )\d+/g, "$1<n>")
    .replaceAll(/^(.*\bdebug: .* <n> ms) [0-9a-f-]{36}/gm, "$1 <id>")
    .replaceAll(/\((?:deno|bun) [\d.]+, [\w-]+(?:, from source)?(?:, commit [0-9a-f]+(?:-dirty)?)?\)/g, "(<build>)");
}

/** A script that runs every step in one shell, so that `export` and `cd` last, and keeps what each gives. */
function scriptOf(steps: readonly Step[], folder: string): string {
  const at = (index: number, kind: string): string => quote(join(folder, `${index}.${kind}`));
  return steps.map(({ command }, index) =>
    `eval ${quote(command)} >${at(index, "out")} 2>${at(index, "err")} </dev/null\necho $? >${at(index, "status")}\n`
  ).join("");
}

/**
 * Runs the steps of a transcript in one POSIX shell, in a clean environment and an empty home folder.
 *
 * @param transcript what to run
 * @param program how `mlflow-auth` is started
 * @returns what each step gave
 */
export async function runTranscript(transcript: Transcript, program: Program): Promise<Ran> {
  const folder = realpathSync(await mkdtemp(join(tmpdir(), "mlflow-auth-docs-")));
  try {
    await using scene = await setScene(transcript.scene);
    for (const name of ["bin", "home", "tmp"]) await mkdir(join(folder, name));
    const tool = (name: string, text: string) => writeFile(join(folder, "bin", name), text, { mode: 0o755 });
    await tool("mlflow-auth", `#!/bin/sh\nexec ${program.map(quote).join(" ")} "$@"\n`);
    for (const name of ["python", "python3", "torchrun"]) await tool(name, PYTHON);
    const script = join(folder, "script");
    await writeFile(script, scriptOf(transcript.steps, folder));
    await new Deno.Command("/bin/sh", {
      args: [script],
      clearEnv: true,
      cwd: join(folder, "home"),
      env: {
        PATH: `${join(folder, "bin")}:/usr/local/bin:/usr/bin:/bin`,
        HOME: join(folder, "home"),
        TMPDIR: join(folder, "tmp"),
        LANG: "C.UTF-8",
        TERM: "dumb",
        // The metadata service of a cloud machine must not be what a transcript shows.
        AZURE_POD_IDENTITY_AUTHORITY_HOST: "http://127.0.0.1:9",
        ...scene.env,
      },
      stdin: "null",
      stdout: "null",
      stderr: "null",
      signal: AbortSignal.timeout(DEADLINE_MS),
    }).output();
    const ran = new Map<Step, Output | undefined>();
    for (const [index, step] of transcript.steps.entries()) {
      const read = async (kind: string) => normal(await readFile(join(folder, `${index}.${kind}`), "utf8"), folder);
      const output = Promise.all([read("out"), read("err"), read("status")]);
      ran.set(
        step,
        await output.then(([stdout, stderr, status]) => ({ stdout, stderr, status: Number(status) }), () => undefined),
      );
    }
    return ran;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
