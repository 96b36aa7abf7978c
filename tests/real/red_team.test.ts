import "../support/guard.ts";
import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { startAzure } from "../support/azure/start_azure.ts";
import { healthyEnv } from "../support/run_program.ts";
import { programBuilds } from "../support/builds.ts";
import { skipUnless } from "../support/skip.ts";
import { EXAMPLES, leakIn } from "./red_team/forms.ts";
import { OUTCOMES } from "./red_team/outcomes.ts";
import { runApart } from "./red_team/run_apart.ts";
import { startRecorder } from "./red_team/recorder.ts";
import { ODD } from "./red_team/variables.ts";
import { dumpsOf } from "./red_team/memory.ts";
import { pooled, which } from "./shells/run.ts";

const linux = process.platform === "linux";
const noTools = skipUnless(
  linux && ["gdb", "setpriv"].every((tool) => which(tool) !== undefined),
  "a tool that looks into processes is not there: apt-get install gdb util-linux",
);

for (const build of programBuilds().filter(({ name }) => name !== "source")) {
  test(`a core file or a debugger gets nothing of a program that waits: ${build.name}`, {
    skip: build.skip || noTools,
  }, async () => {
    const { waiting, command } = await dumpsOf(build);
    const cores = command.cores === undefined ? undefined : 0;
    assert.deepEqual(waiting, { environ: "refused", debugger: "refused", cores });
    // exec takes it back: what becomes of the command's memory is the command's own affair.
    assert.deepEqual({ environ: command.environ, cores: command.cores ?? 1 }, { environ: "read", cores: 1 });
  });
}

test("leakIn() finds a secret plain, in hex, in a URL, in UTF-16 and in base64 wherever it begins, and nothing else", () => {
  assert.deepEqual(EXAMPLES.filter((example) => leakIn(example) === undefined), []);
  assert.equal(leakIn("mlflow-auth: Cannot read secret"), undefined);
});

for (const build of programBuilds()) {
  test(`no variable of a runtime or a package makes a run show, write or send a secret: ${build.name}`, {
    skip: build.skip,
  }, async () => {
    await using recorder = startRecorder();
    const wrong: string[] = [];
    // From source a run takes longer, and what the runtime does there is the same for each.
    const outcomes = build.name === "source" ? OUTCOMES.slice(0, 1) : OUTCOMES;
    for (const outcome of outcomes) {
      await using azure = await startAzure();
      outcome.arrange(azure);
      const healthy = await healthyEnv(azure);
      const said = await pooled(ODD.map((odd) => async () => {
        const { args, expectsSecret = false } = outcome;
        const env = { ...healthy, ...odd.env(recorder.url) };
        const left = await runApart(args, { build, env, expectsSecret });
        const refuses = odd.refuses?.includes(build.name) === true;
        const speaks = odd.speaks?.includes(build.name) === true;
        return [
          ...left.leaks,
          ...(left.files.length > 0 && !speaks ? [`wrote ${left.files.join(" ")}`] : []),
          ...(left.status === 0 && !speaks && left.stderr !== "" ? [`said ${left.stderr.slice(0, 80)}`] : []),
          ...(refuses || left.status === outcome.status || speaks ? [] : [`ended with ${left.status}`]),
        ].map((one) => `${odd.name}, ${outcome.name}: ${one}`);
      }));
      wrong.push(...said.flat());
    }
    const leaks = recorder.taken.filter((one) => leakIn(one) !== undefined);
    wrong.push(...leaks.map(() => "the recorder was sent a secret"));
    console.log(
      `${build.name}: ${ODD.length} variables, ${outcomes.length * ODD.length} runs, ${wrong.length} wrong`,
    );
    assert.deepEqual(wrong, []);
  });
}
