import "../../support/guard.ts";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import process from "node:process";
import { FORMATS } from "../../../src/shell/formats/formats.ts";
import { startAzure } from "../../support/azure/start_azure.ts";
import { programBuilds } from "../../support/builds.ts";
import { healthyEnv } from "../../support/run_program.ts";
import { skipUnless } from "../../support/skip.ts";
import { pooled, which } from "../shells/run.ts";
import { runApart } from "./run_apart.ts";

const noScript = skipUnless(
  process.platform === "linux" && which("script") !== undefined && spawnSync("script", ["--version"]).status === 0,
  "script of util-linux is not there: apt-get install bsdutils",
);

/** What is typed at a terminal, and how it ends. Nothing of it may show a secret. */
const TYPED: readonly (readonly [args: readonly string[], status: number])[] = [
  ...FORMATS.map(({ name }): readonly [readonly string[], number] => [["export", "--format", name], 2]),
  [["export"], 2],
  [["export", "--proxy"], 2],
  [["export", "--unset"], 0],
  [["exec", "--", "true"], 0],
  [["exec", "--proxy", "--", "true"], 125],
  [["doctor"], 0],
  [["info"], 0],
  [["cache", "list"], 0],
  [["exec", "--log-level", "DEBUG", "--", "true"], 0],
  [["export", "--log-level", "DEBUG"], 2],
];

for (const build of programBuilds().filter(({ name }) => name !== "source")) {
  test(`nothing that is typed at a terminal shows a secret there: ${build.name}`, {
    skip: build.skip || noScript,
  }, async () => {
    await using azure = await startAzure();
    const env = { ...await healthyEnv(azure), TERM: "xterm", GITHUB_ENV: "{here}/github.env", GITHUB_ACTIONS: "true" };
    const wrong = await pooled(TYPED.map(([args, status]) => async () => {
      const left = await runApart(args, { build, env, terminal: true });
      const name = args.join(" ");
      const said = left.status === status ? [] : [`ended with ${left.status}: ${left.stdout.slice(0, 200)}`];
      // A proxy needs a tracking server, which is not there: the refusal is what is looked at.
      return [...left.leaks, ...said, ...left.files.map((path) => `wrote ${path}`)].map((one) => `${name}: ${one}`);
    }));
    console.log(`${build.name}: ${TYPED.length} command lines at a terminal`);
    assert.deepEqual(wrong.flat(), []);
  });
}
