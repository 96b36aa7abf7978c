import "../../support/guard.ts";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { type Azure, startAzure } from "../../support/azure/start_azure.ts";
import { programBuilds } from "../../support/builds.ts";
import { healthyEnv } from "../../support/run_program.ts";
import { skipUnless } from "../../support/skip.ts";
import { startTrackingServer } from "../../support/tracking_server.ts";
import { which } from "../shells/run.ts";
import { leakIn } from "./forms.ts";
import { runApart } from "./run_apart.ts";

/** The program lets nobody look into it: of what it starts only root sees more than addresses. */
const noStrace = skipUnless(
  process.platform === "linux" && process.getuid?.() === 0 && which("strace") !== undefined &&
    spawnSync("strace", ["true"]).status === 0,
  "root and strace are needed: apt-get install strace",
);

/** A program that was started: its arguments, and its environment as `NAME=value`. */
interface Started {
  readonly argv: readonly string[];
  readonly env: readonly string[];
}

/** A text as strace prints it: what is no printable ASCII as octal, or as one of C's letters. */
const textOf = (printed: string): string =>
  printed.replace(
    /\\(?:([0-7]{1,3})|(.))/g,
    (_, octal, letter) => octal === undefined ? letter : String.fromCharCode(parseInt(octal, 8)),
  );

const textsOf = (list: string): readonly string[] =>
  [...list.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text = ""]) => textOf(text));

/** Reads strace's report; a start that failed, as of a name that is looked for along PATH, is one too. */
function startedIn(report: string): readonly Started[] {
  return [...report.matchAll(/execve\("(?:[^"\\]|\\.)*", (\[.*?\]), (\[.*\])\) += /g)].map((
    [, argv = "", env = ""],
  ) => ({
    argv: textsOf(argv),
    env: textsOf(env),
  }));
}

/** Developer tools that say a secret and fail. */
function makeTools(azure: Azure): string {
  const bin = join(azure.folder, "bin");
  mkdirSync(bin);
  for (const name of ["az", "azd", "pwsh"]) {
    writeFileSync(join(bin, name), "#!/bin/sh\necho said-canary; echo said-canary >&2; exit 1\n");
    chmodSync(join(bin, name), 0o755);
  }
  return bin;
}

/** What is run: its arguments, who the program is, and the programs that must have been started by it. */
const RUNS: readonly {
  readonly args: readonly string[];
  readonly identity?: string;
  readonly starts: readonly string[];
  readonly expectsSecret?: boolean;
}[] = [
  { args: ["exec", "--", "true"], starts: ["true"] },
  { args: ["exec", "--cache", "--", "true"], starts: ["true"] },
  { args: ["exec", "--proxy", "--", "true"], starts: ["sh", "true"] },
  { args: ["exec", "--proxy", "--key-in-url", "--", "true"], starts: ["sh", "true"] },
  { args: ["export", "--format", "json"], starts: [], expectsSecret: true },
  { args: ["export", "--proxy", "--format", "sh"], starts: ["sh"] },
  { args: ["doctor"], starts: [] },
  { args: ["exec", "--", "true"], identity: "AzureCliCredential", starts: ["az"] },
  { args: ["doctor"], identity: "AzureCliCredential", starts: ["az"] },
  { args: ["exec", "--", "true"], identity: "AzureDeveloperCliCredential", starts: ["azd"] },
  { args: ["exec", "--", "true"], identity: "AzurePowerShellCredential", starts: ["pwsh"] },
];

for (const build of programBuilds().filter(({ name }) => name !== "source")) {
  test(
    `no program that is started finds a secret in its arguments, nor one but its credential in its environment: ${build.name}`,
    {
      skip: build.skip || noStrace,
    },
    async () => {
      await using azure = await startAzure();
      await using server = await startTrackingServer();
      const bin = makeTools(azure);
      const report = join(azure.folder, "strace");
      const wrong: string[] = [];
      let programs = 0;
      for (const { args, identity, starts, expectsSecret = false } of RUNS) {
        const healthy = await healthyEnv(azure);
        const { AZURE_CLIENT_SECRET: _, ...nobody } = healthy;
        const env: Readonly<Record<string, string>> = {
          ...(identity === undefined ? healthy : { ...nobody, AZURE_TOKEN_CREDENTIALS: identity }),
          MLFLOW_TRACKING_URI: server.url,
          MLFLOW_SECRETS_LOG_LEVEL: "DEBUG",
        };
        // A shell that ends: the proxy of an export ends with it, and strace waits for all.
        const shell = ["sh", "-c", '"$@"; exit $?', "sh"];
        const through = ["strace", "-f", "-qq", "-v", "-s", "1000000", "-e", "trace=execve", "-o", report, ...shell];
        const { leaks } = await runApart(args, { build, env, bin, through, expectsSecret });
        const given = new Set(Object.entries(env).map(([name, value]) => `${name}=${value}`));
        const [own, ...others] = startedIn(readFileSync(report, "utf8"));
        programs += others.length;
        const name = [...args, ...(identity === undefined ? [] : [identity])].join(" ");
        const names = others.map(({ argv }) => argv[0]?.split("/").at(-1));
        wrong.push(...leaks.map((one) => `${name}: ${one}`));
        if (own === undefined) wrong.push(`${name}: strace saw nothing`);
        wrong.push(...starts.filter((one) => !names.includes(one)).map((one) => `${name}: did not start ${one}`));
        for (const { argv, env: got } of others) {
          if (leakIn(argv.join("\n")) !== undefined) wrong.push(`${name}: arguments of ${argv[0]}`);
          // A command of plain exec is who the credential is for.
          const isFor = argv[0] === "true" && !args.includes("--proxy");
          const gained = got.filter((one) => !given.has(one) && !(isFor && one.startsWith("MLFLOW_TRACKING_TOKEN=")));
          wrong.push(
            ...gained.filter((one) => leakIn(one) !== undefined).map((one) =>
              `${name}: ${argv[0]} got ${one.split("=")[0]}`
            ),
          );
        }
      }
      console.log(`${build.name}: ${RUNS.length} runs, ${programs} programs started`);
      assert.deepEqual(wrong, []);
    },
  );
}

test("startedIn() reads arguments and environment of each program", () => {
  const report = `12 execve("/bin/sh", ["sh", "-c", "echo \\"a, b\\" [x]"], ["A=1", "B=\\303\\274]"]) = 0\n`;
  assert.deepEqual(startedIn(report), [{ argv: ["sh", "-c", 'echo "a, b" [x]'], env: ["A=1", "B=\u00c3\u00bc]"] }]);
});
