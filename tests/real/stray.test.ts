import "../support/guard.ts";
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { installBun } from "../../scripts/build/build.ts";
import { startAzure } from "../support/azure/start_azure.ts";
import { programBuilds } from "../support/builds.ts";
import { healthyEnv } from "../support/run_program.ts";

const MAIN = fileURLToPath(new URL("../../dist/source/main.js", import.meta.url));
const source = programBuilds().find(({ name }) => name === "source");
const { skip = false, command: [first, ...flags] = [""] } = source ?? {};

/** What nobody catches, some time after the program has begun to wait for the vault. */
const STRAY: Readonly<Record<string, string>> = {
  "a rejected promise": 'void Promise.reject(new TypeError("message-canary"))',
  "an error in an event": 'throw new TypeError("message-canary")',
};

/** What each command leaves: its status, and what stdout says to whoever evaluates it. */
const COMMANDS: readonly (readonly [args: readonly string[], status: number, stdout: string])[] = [
  [["exec", "--", "true"], 125, ""],
  [["export", "--format", "sh"], 1, "false\n"],
  [["export", "--format", "json"], 1, ""],
  [["doctor"], 1, ""],
];

const SAID = "mlflow-auth: Cannot go on: an unexpected failure in mlflow-auth (TypeError); " +
  "report it with the command line and the output of mlflow-auth info\n";

const runtimes: Readonly<Record<string, () => Promise<readonly string[]>>> = {
  deno: () => Promise.resolve([first, ...flags.slice(0, -1)]),
  bun: async () => [await installBun(), "run"],
};

for (const [runtime, start] of Object.entries(runtimes)) {
  for (const [what, code] of Object.entries(STRAY)) {
    test(`${what} that nobody caught is one line and the command's own status: ${runtime}`, { skip }, async () => {
      await using azure = await startAzure();
      azure.world.faults.push({ kind: "hang", service: "vault" });
      const broken = join(azure.folder, "broken.mjs");
      const after = `setTimeout(() => { ${code}; }, 1000);`;
      await writeFile(broken, `${after}\nawait import(${JSON.stringify(pathToFileURL(MAIN).href)});\n`);
      const [program = "", ...args] = [...await start(), broken];
      for (const [words, status, stdout] of COMMANDS) {
        const ended = await new Deno.Command(program, {
          args: [...args, ...words],
          clearEnv: true,
          env: { PATH: "/usr/bin:/bin", ...await healthyEnv(azure) },
          stdin: "null",
        }).output();
        const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
        const said = { status: ended.code, stderr: text(ended.stderr) };
        assert.deepEqual(said, { status, stderr: SAID }, words.join(" "));
        // Findings that doctor knew by then stay.
        if (words[0] !== "doctor") assert.equal(text(ended.stdout), stdout, words.join(" "));
      }
    });
  }
}
