import "../../support/guard.ts";
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { promisify } from "node:util";
import { type ProgramBuild, programBuilds } from "../../support/builds.ts";
import { tryPython } from "../../support/python.ts";
import { skipIfError, skipUnless } from "../../support/skip.ts";
import { type Run, type Stage, startStage, train } from "./rotation/stage.ts";
import { trainThroughOutage } from "./rotation/vault_down.ts";

// Real clients and a real server: the secret changes under a run, the old token is refused at once, and nothing may be lost.

const ARTIFACT_BYTES = 300 * 1024 * 1024;
const HERE = join(import.meta.dirname ?? ".", "rotation");
const CACHE = join(homedir(), ".cache", "mlflow-auth-tests");
const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>test</groupId>
  <artifactId>test</artifactId>
  <version>1</version>
  <dependencies>
    <dependency><groupId>org.mlflow</groupId><artifactId>mlflow-client</artifactId><version>2.17.2</version></dependency>
  </dependencies>
</project>
`;

const python = await tryPython("mlflow_training");
const server = await tryPython("mlflow");
const noPython = skipIfError(python) || skipIfError(server);

const shared: { stage?: Stage } = {};
Deno.test.beforeAll(async () => {
  if (noPython === false) shared.stage = await startStage();
});
Deno.test.afterAll(async () => await shared.stage?.[Symbol.asyncDispose]());

function stage(): Stage {
  if (shared.stage === undefined) throw new Error("The server does not run");
  return shared.stage;
}

/** What the server holds of a run, asked for as its administrator. */
async function held(run: string) {
  const { server } = stage();
  const json = async (path: string, init?: Parameters<typeof server.ask>[1]) =>
    JSON.parse(await (await server.ask(path, init)).text());
  const history = async (key: string): Promise<readonly number[]> => {
    const { metrics = [] } = await json(`/api/2.0/mlflow/metrics/get-history?run_id=${run}&metric_key=${key}`);
    return (metrics as { readonly step: string }[]).map(({ step }) => Number(step)).sort((one, two) => one - two);
  };
  const [{ run: { info, data } }, { files = [] }, loss, later] = await Promise.all([
    json(`/api/2.0/mlflow/runs/get?run_id=${run}`),
    json(`/api/2.0/mlflow/artifacts/list?run_id=${run}`),
    history("loss"),
    history("async"),
  ]);
  const pairs = (list: readonly { readonly key: string; readonly value: unknown }[] = []) =>
    Object.fromEntries(list.map(({ key, value }) => [key, value]));
  return {
    status: String(info.status),
    params: pairs(data.params),
    metrics: pairs(data.metrics),
    tags: pairs(data.tags),
    sizes: Object.fromEntries(
      (files as { readonly path: string; readonly file_size?: string }[]).map(({ path, file_size: size }) => [
        path,
        Number(size ?? 0),
      ]),
    ),
    loss,
    async: later,
  };
}

async function tracesOf(run: string): Promise<number> {
  const body = JSON.stringify({
    locations: [{ type: "MLFLOW_EXPERIMENT", mlflow_experiment: { experiment_id: "0" } }],
    filter: `metadata.mlflow.sourceRun = '${run}'`,
    max_results: 10,
  });
  const answer = await stage().server.ask("/api/3.0/mlflow/traces/search", { method: "POST", body });
  const { traces = [] } = JSON.parse(await answer.text()) as { readonly traces?: readonly unknown[] };
  return traces.length;
}

const steps = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at);

/** Runs a training behind the proxy, and changes its secret at each stage. */
function behindProxy(
  build: ProgramBuild,
  words: readonly string[],
  options: {
    readonly flags?: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
    readonly cwd?: string;
  },
): Promise<Run> {
  const { env, rotate } = stage();
  const { flags = [], cwd } = options;
  return train([...build.command, "exec", "--proxy", ...flags, "--", ...words], {
    env: { ...env, ARTIFACT_BYTES: String(ARTIFACT_BYTES), ...options.env },
    at: rotate,
    ...(cwd === undefined ? {} : { cwd }),
  });
}

const both = programBuilds().filter(({ name }) => name !== "source");
const path = (name: string): string => join(HERE, name);

for (const build of both) {
  test(`a Python training loses nothing when its secret changes twice (${build.name})`, {
    skip: noPython || build.skip,
  }, async () => {
    const ran = await behindProxy(build, [String(python), path("train.py")], {});
    assert.deepEqual([ran.status, ran.stages], [0, ["first", "second"]], `${ran.stdout}${ran.stderr.slice(-2000)}`);
    assert.match(ran.stdout, /^FAILURES=0$/m);
    const { params, metrics, sizes, loss, async: later, status } = await held(ran.run);
    assert.deepEqual([status, loss, later], ["FINISHED", steps(20), steps(40)]);
    assert.equal(sizes["weights.bin"], ARTIFACT_BYTES);
    const { before, async: logged, p19, C } = params;
    // C is what the library's own parameter is called: it was logged by itself.
    assert.deepEqual({ before, logged, p19, C }, { before: "1", logged: "yes", p19: "19", C: "0.5" });
    assert.ok("training_score" in metrics, Object.keys(metrics).join());
    assert.equal(await tracesOf(ran.run), 1);
    console.log(
      `${build.name}: 20 metrics, 40 asynchronous, ${
        Object.keys(params).length
      } parameters, 300 MiB, 1 trace: 0 failed`,
    );
  });
}

test(
  "the same training without a proxy fails when its secret changes",
  { skip: noPython || (both[0]?.skip ?? false) },
  async () => {
    const { env, rotate } = stage();
    const command = both[0]?.command ?? [];
    const ran = await train([...command, "exec", "--", String(python), path("train.py")], {
      env: { ...env, ARTIFACT_BYTES: "1000" },
      at: rotate,
    });
    assert.notEqual(ran.status, 0);
    assert.match(ran.stdout, /^FAILED metric: MlflowException$/m);
    assert.equal((await held(ran.run)).loss.length, 10);
  },
);

for (const build of both) {
  test(`a training loses nothing while Key Vault cannot be reached (${build.name})`, {
    skip: noPython || build.skip,
  }, () => trainThroughOutage(stage(), { python: String(python), build, seconds: 5 }));
}

const java = await classPath().catch((error: Error) => error);
const noJava = skipUnless(typeof java === "string", typeof java === "string" ? "" : java.message);

for (const build of both) {
  test(`a Java training loses nothing when its secret changes twice (${build.name})`, {
    skip: noPython || noJava || build.skip,
  }, async () => {
    const words = ["java", "-cp", String(java), path("Train.java")];
    const ran = await behindProxy(build, words, { flags: ["--key-in-url"] });
    await assertWhole(ran);
  });
}

const modules = await npmMlflow().catch((error: Error) => error);
const noNpm = skipUnless(typeof modules === "string", typeof modules === "string" ? "" : modules.message);

for (const build of both) {
  test(`a training of npm's mlflow loses nothing when its secret changes twice (${build.name})`, {
    skip: noPython || noNpm || build.skip,
  }, async () => {
    const env = { NODE_PATH: String(modules) };
    await assertWhole(await behindProxy(build, ["node", path("train.cjs")], { flags: ["--key-in-url"], env }));
  });
}

async function assertWhole(ran: Run): Promise<void> {
  assert.deepEqual([ran.status, ran.stages], [0, ["first", "second"]], `${ran.stdout}${ran.stderr.slice(-2000)}`);
  assert.match(ran.stdout, /^FAILURES=0$/m);
  const { status, loss, params, tags } = await held(ran.run);
  assert.deepEqual([status, loss, params["before"], tags["after"]], ["FINISHED", steps(20), "1", "yes"]);
}

for (const build of both) {
  test(`curl gets through when the secret changes between two requests (${build.name})`, {
    skip: noPython || build.skip,
  }, async () => {
    const ask = 'curl -sS -o /dev/null -w "%{http_code}\\n" -H "Authorization: Bearer $MLFLOW_TRACKING_TOKEN" ' +
      '"$MLFLOW_TRACKING_URI/api/2.0/mlflow/experiments/get?experiment_id=0"';
    const script = ["first", "second", "third"].map((name) => `${ask}; echo "STAGE ${name}"; read -r go`).join("; ");
    const ran = await behindProxy(build, ["sh", "-c", `${script}; ${ask}`], {});
    assert.deepEqual(ran.stdout.match(/^\d{3}$/gm), ["200", "200", "200", "200"], ran.stderr);
  });
}

/** Pinned, as Maven keeps it below the home folder. */
async function classPath(): Promise<string> {
  const missing = ["java", "mvn"].filter((tool) => spawnSync("sh", ["-c", `command -v ${tool}`]).status !== 0);
  if (missing.length > 0) {
    throw new Error(`${missing.join(", ")} not installed: apt-get install default-jdk-headless maven`);
  }
  const folder = join(CACHE, "mlflow-java-2.17.2");
  const known = join(folder, "classpath");
  if (!existsSync(known)) {
    await mkdir(folder, { recursive: true });
    const pom = join(folder, "pom.xml");
    await writeFile(pom, POM);
    const goal = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:build-classpath";
    await promisify(execFile)("mvn", ["-q", "-B", "-f", pom, goal, `-Dmdep.outputFile=${known}.new`]);
    await rename(`${known}.new`, known);
  }
  return (await readFile(known, "utf8")).trim();
}

async function npmMlflow(): Promise<string> {
  const folder = join(CACHE, "npm-mlflow-2.0.7");
  const made = join(folder, "node_modules");
  if (!existsSync(join(made, "mlflow"))) {
    const draft = `${folder}.${process.pid}`;
    await mkdir(draft, { recursive: true });
    await promisify(execFile)("npm", ["install", "--no-save", "--ignore-scripts", "--prefix", draft, "mlflow@2.0.7"]);
    await rename(draft, folder).catch(() => rm(draft, { recursive: true }));
  }
  return made;
}
