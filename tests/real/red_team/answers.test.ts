import "../../support/guard.ts";
import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import { once } from "node:events";
import { test } from "node:test";
import { makeSigningKeys } from "../../support/azure/world.ts";
import { startAzure } from "../../support/azure/start_azure.ts";
import { programBuilds } from "../../support/builds.ts";
import { STUB_KINDS } from "../../support/gates/answers.ts";
import { healthyEnv } from "../../support/run_program.ts";
import { pooled } from "../shells/run.ts";
import { ANSWERERS, oddAnswers } from "./answers.ts";
import { leakIn } from "./forms.ts";
import { startRecorder } from "./recorder.ts";
import { runApart } from "./run_apart.ts";

/** Short, as some answers are waited out. */
const HURRY = { MLFLOW_AUTH_DEADLINE_SEC: "2", MLFLOW_SECRETS_LOG_LEVEL: "DEBUG" };

/** A server on this machine. */
async function startServer(listener: RequestListener): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((request, response) => {
    request.resume();
    listener(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

for (const build of programBuilds().filter(({ name }) => name !== "source")) {
  test(`whatever a service answers, a run shows, writes and sends on nothing of it: ${build.name}`, {
    skip: build.skip,
  }, async () => {
    await using recorder = startRecorder();
    const keys = await makeSigningKeys();
    const answers = Object.entries(oddAnswers(recorder.url));
    // doctor shows most; what it shows is made of the same errors in both builds.
    const commands = build.name === "deno" ? [["exec", "--", "true"], ["doctor", "--json"]] : [["exec", "--", "true"]];
    let runs = 0;
    const wrong = await pooled(ANSWERERS.map((answerer) => async () => {
      await using azure = await startAzure({ keys });
      const { identity, on, env: more } = answerer;
      const env = { ...azure.env, ...azure.vault(), ...await azure.identity(identity), ...more, ...HURRY };
      const flaws: string[] = [];
      for (const [name, answer] of answers) {
        azure.world.faults.splice(0, Infinity, { ...answer, ...on });
        for (const args of commands) {
          const { leaks, files, status } = await runApart(args, { build, env });
          runs += 1;
          const said = [...leaks, ...files.map((path) => `wrote ${path}`)];
          // A run that succeeds has taken a text that is none of ours.
          if (status === 0) said.push("succeeded");
          flaws.push(...said.map((one) => `${answerer.name}, ${name}, ${args[0]}: ${one}`));
        }
      }
      flaws.push(...azure.refused.map((host) => `${answerer.name}: asked ${host}`));
      return flaws;
    }));
    const sent = recorder.taken.map((one) => `the recorder was asked: ${one.slice(0, 80)}`);
    console.log(`${build.name}: ${ANSWERERS.length} services, ${answers.length} answers, ${runs} runs`);
    assert.deepEqual([...wrong.flat(), ...sent], []);
  });

  test(`whatever a tracking server answers, doctor shows and sends on nothing of it: ${build.name}`, {
    skip: build.skip,
  }, async () => {
    await using azure = await startAzure();
    await using recorder = startRecorder();
    const answers = Object.entries(oddAnswers(recorder.url));
    const env = { ...await healthyEnv(azure), ...HURRY, MLFLOW_AUTH_DEADLINE_SEC: "5" };
    const wrong = await pooled(answers.map(([name, answer]) => async () => {
      await using server = await startServer((_, response) => {
        if (answer.kind !== "answer") throw new TypeError("no answer");
        const { status, headers = {}, body = "" } = answer;
        const isOwn = typeof body === "string" || body instanceof Uint8Array;
        response.writeHead(status, headers).end(isOwn ? body : JSON.stringify(body));
      });
      const run = await runApart(["doctor", "--json"], { build, env: { ...env, MLFLOW_TRACKING_URI: server.url } });
      return [...run.leaks, ...run.files].map((one) => `${name}: ${one}`);
    }));
    console.log(`${build.name}: ${answers.length} answers of a tracking server`);
    assert.deepEqual([...wrong.flat(), ...recorder.taken], []);
  });

  test(`doctor --dry-run shows the credential to MLflow and gates for programs alone: ${build.name}`, {
    skip: build.skip,
  }, async () => {
    await using azure = await startAzure();
    const env = await healthyEnv(azure);
    const shown = new Set<string>();
    await using server = await startServer((request, response) => {
      const [, kind = "", path = "/"] = /^\/([^/?]+)(\/.*)?$/.exec(request.url ?? "") ?? [];
      if (leakIn(JSON.stringify(request.headers)) !== undefined) shown.add(kind);
      const { status, headers = {}, body = "" } = STUB_KINDS[kind]?.(path, false) ?? { status: 404 };
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      response.writeHead(status).end(body);
    });
    const tried = (kind: string, more: Readonly<Record<string, string>> = {}) =>
      runApart(["doctor", "--json", "--dry-run", `${server.url}/${kind}`], {
        build,
        env: { ...env, ...more },
      });
    for (const kind of ["login-page", "easyauth-login", "oauth2-login", "not-found-page", "waf-403", "empty-200"]) {
      const { leaks, stdout } = await tried(kind);
      assert.deepEqual([...leaks, ...shown], [], kind);
      if (kind !== "empty-200") assert.match(stdout, /so it was not shown/, kind);
    }
    for (const kind of ["fine", "basic-page", "challenge-none-json"]) await tried(kind);
    await tried("login-page", { MLFLOW_TRACKING_URI: server.url });
    assert.deepEqual([...shown], ["fine", "basic-page", "challenge-none-json", "login-page"]);
  });
}
