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
import { ODD } from "./red_team/variables.ts";
import { dumpsOf } from "./red_team/memory.ts";
import { which } from "./shells/run.ts";

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

/** A server that takes whatever it is sent and keeps it. */
function startRecorder() {
  const taken: string[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    taken.push(`${request.method} ${request.url} ${JSON.stringify([...request.headers])} ${await request.text()}`);
    return new Response("{}");
  });
  return { url: `http://127.0.0.1:${server.addr.port}`, taken, stop: () => server.shutdown() };
}

for (const build of programBuilds()) {
  test(`no variable of a runtime or a package makes a run show, write or send a secret: ${build.name}`, {
    skip: build.skip,
  }, async () => {
    const recorder = startRecorder();
    const wrong: string[] = [];
    let runs = 0;
    try {
      // From source a run takes longer, and what the runtime does there is the same for each.
      for (const outcome of build.name === "source" ? OUTCOMES.slice(0, 1) : OUTCOMES) {
        await using azure = await startAzure();
        outcome.arrange(azure);
        const healthy = await healthyEnv(azure);
        for (const odd of ODD) {
          const { args, expectsSecret = false } = outcome;
          const env = { ...healthy, ...odd.env(recorder.url) };
          const left = await runApart(args, { build, env, expectsSecret });
          runs += 1;
          const refuses = odd.refuses?.includes(build.name) === true;
          const speaks = odd.speaks?.includes(build.name) === true;
          const said = [
            ...left.leaks,
            ...(left.files.length > 0 && !speaks ? [`wrote ${left.files.join(" ")}`] : []),
            ...(left.status === 0 && !speaks && left.stderr !== "" ? [`said ${left.stderr.slice(0, 80)}`] : []),
            ...(refuses || left.status === outcome.status || speaks ? [] : [`ended with ${left.status}`]),
          ];
          wrong.push(...said.map((one) => `${odd.name}, ${outcome.name}: ${one}`));
        }
      }
      wrong.push(
        ...recorder.taken.filter((one) => leakIn(one) !== undefined).map(() => "the recorder was sent a secret"),
      );
      console.log(
        `${build.name}: ${ODD.length} variables, ${runs} runs, ${wrong.length} wrong`,
      );
    } finally {
      await recorder.stop();
    }
    assert.deepEqual(wrong, []);
  });
}
