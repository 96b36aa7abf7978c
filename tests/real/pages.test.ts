import "../support/guard.ts";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import process from "node:process";
import { test } from "node:test";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../../scripts/build/build.ts";
import { blocksOf } from "../docs/blocks_of.ts";
import { runPages } from "../docs/blocks_run.ts";
import { firstBuild } from "../support/run_program.ts";
import { skipUnless } from "../support/skip.ts";

const { command, skip } = firstBuild();

test("the file of every deployment page does against the stand-in what the page says", { skip }, async () => {
  const { passed, skipped, faults } = await runPages(command);
  console.log([`pages: ${passed} ran`, ...skipped].join("\n"));
  assert.deepEqual(faults, []);
  assert.ok(passed > 0);
});

const hasDocker = spawnSync("docker", ["--version"]).status === 0;

test("Docker's own command takes each docker run of the docs, up to its daemon", {
  skip: skipUnless(hasDocker, "docker is not installed"),
}, async () => {
  const page = "docs/deployment/docker.md";
  const blocks = blocksOf(await readFile(join(ROOT, page), "utf8"), page).filter(({ language }) => language === "sh");
  const runs = blocks.flatMap(({ text }) => text.match(/^docker run (?:.*\\\n)*.*$/gm) ?? []);
  assert.ok(runs.length > 1);
  const cwd = await mkdtemp(join(tmpdir(), "mlflow-auth-docker-"));
  try {
    await writeFile(join(cwd, "train.env"), blocks.find(({ text }) => text.startsWith("MLFLOW_"))?.text ?? "");
    // Nobody listens there: what is wrong with the line is said before.
    const env = { PATH: process.env["PATH"] ?? "", HOME: cwd, DOCKER_HOST: "tcp://127.0.0.1:9" };
    const said = [...runs, "docker run --no-such-option train:1"].map((run) =>
      spawnSync("sh", ["-c", run], { cwd, env, encoding: "utf8" }).stderr.split("\n")[0] ?? ""
    );
    for (const line of said.slice(0, -1)) assert.match(line, /onnect to the Docker daemon|connection refused/);
    assert.match(said.at(-1) ?? "", /^unknown flag: --no-such-option/);
  } finally {
    await rm(cwd, { recursive: true });
  }
});
