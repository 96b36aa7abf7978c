import assert from "node:assert/strict";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { skipUnless } from "../support/skip.ts";
import { runScenario } from "./exec/run_scenario.ts";
import type { Scenario } from "./exec/scenario.ts";
import { has, makeBench } from "./exec/tools.ts";

const DRIVER = join(import.meta.dirname ?? ".", "exec", "spawn_driver.ts");
const WAITING = ["{probe}", "{dump}", "--wait"];
const ended = (...words: readonly string[]): readonly string[] => ["{probe}", "{dump}", ...words];

/** How a command ends, and what the caller sees of it. */
const CASES: readonly (Scenario & { readonly ends: readonly string[] })[] = [
  { name: "ends with status 0", command: ended(), ends: ["exit 0"] },
  { name: "ends with status 3", command: ended("--status", "3"), ends: ["exit 3"] },
  { name: "ends by SIGTERM", command: ended("--die", "15"), ends: ["signal 15"] },
  { name: "ends by SIGKILL", command: ended("--die", "9"), ends: ["signal 9"] },
  { name: "ends by SIGSEGV", command: ended("--die", "11"), ends: ["exit 139"] },
  { name: "ends by SIGPIPE", command: ended("--die", "13"), ends: ["exit 141"] },
  { name: "is not found", command: ["no-such-command-x"], ends: ["exit 127"] },
  { name: "is not executable", command: ["./file"], files: { "file=": "x" }, ends: ["exit 126"] },
  { name: "is a folder", command: ["/tmp"], ends: ["exit 126"] },
  ...[1, 2, 10, 15].map((signal) => ({
    name: `ends by signal ${signal} that the program is sent`,
    operations: [`script:ready,kill=${signal},wait`],
    command: WAITING,
    ends: [`signal ${signal}`],
  })),
  {
    name: "ends by Ctrl-C",
    operations: ["pty", "foreground", "script:ready,type=03,wait"],
    command: WAITING,
    ends: ["signal 2"],
  },
  {
    name: "stops by Ctrl-Z and goes on",
    operations: ["pty", "foreground", "script:ready,type=1a,wait,group=18,wait,type=03,wait"],
    command: WAITING,
    ends: ["stopped 20", "continued", "signal 2"],
  },
];

const skip = skipUnless(process.platform === "linux" && has("cc"), "Linux and cc are needed");

test("a command that is run as a child", { skip }, async (t) => {
  const { bench, remove } = makeBench();
  try {
    // Absolute, as nothing of the caller's environment is there.
    const prefix = [process.execPath, "run", "-A", "--no-config", "--no-lock", DRIVER];
    const way = { prefix, environ: [`DENO_DIR=${join(bench.base, "deno")}`], own: [] };
    for (const { ends, ...scenario } of CASES) {
      await t.test(`runChild() reports a command that ${scenario.name}`, async () => {
        const facts = await runScenario(bench, scenario, way);
        const events = [...facts].filter(([name]) => /^event( \(\d+\))?$/.test(name)).map(([, value]) => value);
        assert.deepEqual({ events, left: facts.get("after.left") }, { events: ends, left: "none" });
      });
    }
  } finally {
    remove();
  }
});
