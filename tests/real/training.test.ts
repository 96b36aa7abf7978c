import "../support/guard.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { programBuilds } from "../support/builds.ts";
import { tryPython } from "../support/python.ts";
import { firstBuild } from "../support/run_program.ts";
import { skipIfError } from "../support/skip.ts";
import { readRun, WHOLE_RUN } from "./training/read_run.ts";
import { type Env, PAIR, type Stage, startStage, TOKEN, type Trained, WAYS } from "./training/stage.ts";

// A real training job, with MLflow's own client and server: what the server holds afterwards is read back as its administrator.

const python = await tryPython("mlflow");
const noPython = skipIfError(python);
const skip = noPython || firstBuild().skip;
const shared: { stage?: Stage } = {};

// Not those of node:test: Deno leaves its after() out where a test is skipped or filtered.
Deno.test.beforeAll(async () => {
  if (typeof python === "string" && skip === false) shared.stage = await startStage(python, firstBuild());
});

Deno.test.afterAll(async () => await shared.stage?.[Symbol.asyncDispose]());

function stage(): Stage {
  if (shared.stage === undefined) throw new Error("The servers do not run");
  return shared.stage;
}

const EXEC = ["mlflow-auth", "exec", "--", "python", "train.py"] as const;
const BARE = ["python", "train.py"] as const;
const script = (text: string): readonly string[] => ["sh", "-c", text];

async function assertLogged(server: "bearer" | "basic", trained: Trained): Promise<void> {
  assert.deepEqual([trained.status, trained.runs.length], [0, 1], trained.stderr.slice(-2000));
  assert.deepEqual(await readRun(stage()[server], `${trained.runs[0]}`), WHOLE_RUN);
}

/** MLflow's client was told 401, and failed. */
function assertRefused({ status, stderr, runs }: Trained): void {
  assert.deepEqual({ status, runs }, { status: 1, runs: [] }, stderr.slice(-2000));
  assert.match(stderr, /MlflowException: .* failed with error code 401 != 200/);
}

const codeOf = ({ stderr }: Trained): string | undefined => /docs\/errors\.md#([\w-]+)/.exec(stderr)?.[1];

for (const way of WAYS) {
  test(`a server that takes ${way.with} refuses train.py without it`, { skip }, async () => {
    assertRefused(await stage().run(BARE, { server: stage()[way.server] }));
  });

  for (const build of programBuilds()) {
    test(`exec of the ${build.name} build logs a run with ${way.with}`, { skip: skip || build.skip }, async () => {
      const { runBuild, [way.server]: server } = stage();
      const trained = await runBuild(build, EXEC, { server, secret: way.secret });
      await assertLogged(way.server, trained);
      assert.match(trained.stderr, new RegExp(`^mlflow-auth: debug: credential: ${way.server}, version `, "m"));
      // The process that was started is Python now, with nothing in between.
      assert.match(trained.stdout, new RegExp(`^PID=${trained.pid} PARENT=${Deno.pid}$`, "m"));
    });
  }

  test(`export hands ${way.with} to a shell, quoted or not`, { skip }, async () => {
    const { run, [way.server]: server } = stage();
    const lines = ['eval "$(mlflow-auth export)"', "eval $(mlflow-auth export)"];
    const shells = lines.map((line) => run(script(`${line} && python train.py`), { server, secret: way.odd }));
    for (const trained of await Promise.all(shells)) await assertLogged(way.server, trained);
  });
}

test("export --unset gives the shell its environment back", { skip }, async () => {
  const text = `env | sort > before
eval $(mlflow-auth export) && python train.py
eval $(mlflow-auth export --unset)
env | sort > after
cmp before after && exec python train.py`;
  const { run, bearer } = stage();
  const trained = await run(script(text), { server: bearer });
  assert.equal(trained.runs.length, 1, trained.stderr);
  assert.deepEqual(await readRun(bearer, `${trained.runs[0]}`), WHOLE_RUN);
  assertRefused({ ...trained, runs: [] });
});

const STALE: Readonly<Record<"bearer" | "basic", Env>> = {
  bearer: { MLFLOW_TRACKING_USERNAME: "trainer", MLFLOW_TRACKING_PASSWORD: "old-canary" },
  basic: { MLFLOW_TRACKING_USERNAME: "somebody", MLFLOW_TRACKING_TOKEN: "old-canary" },
};

const TRACKING = {
  bearer: ["MLFLOW_TRACKING_SERVER_CERT_PATH", "MLFLOW_TRACKING_TOKEN", "MLFLOW_TRACKING_URI"],
  basic: ["MLFLOW_TRACKING_PASSWORD", "MLFLOW_TRACKING_URI", "MLFLOW_TRACKING_USERNAME"],
} as const;

for (const way of WAYS) {
  test(`exec with ${way.with} wins over what is left in the environment`, { skip }, async () => {
    const { run, [way.server]: server } = stage();
    const env = {
      ...STALE[way.server],
      MLFLOW_TRACKING_AUTH: "no-such-plugin",
      MLFLOW_TRACKING_AWS_SIGV4: "true",
    };
    const job = script("env | cut -d= -f1 | grep ^MLFLOW_TRACKING_ | sort; exec python train.py");
    const trained = await run(["mlflow-auth", "exec", ...job], { server, secret: way.secret, env });
    await assertLogged(way.server, trained);
    assert.deepEqual(trained.stdout.match(/^MLFLOW_TRACKING_\w+$/gm), TRACKING[way.server]);
  });
}

test("MLflow's client prefers an old password to a good token, which is why exec removes it", { skip }, async () => {
  const { run, bearer } = stage();
  assertRefused(await run(BARE, { server: bearer, env: { ...STALE.bearer, MLFLOW_TRACKING_TOKEN: TOKEN } }));
});

test("exec wins over a user name and password in MLFLOW_TRACKING_URI", { skip }, async () => {
  const { run, bearer } = stage();
  const env = { MLFLOW_TRACKING_URI: bearer.url.replace("://", "://trainer:old-canary@") };
  const [given, bare] = await Promise.all([
    run(EXEC, { server: bearer, env }),
    run(BARE, { server: bearer, env: { ...env, MLFLOW_TRACKING_TOKEN: TOKEN } }),
  ]);
  await assertLogged("bearer", given);
  assertRefused(bare);
});

const CREDENTIALS = {
  ".mlflow/credentials":
    `[mlflow]\nmlflow_tracking_username = ${PAIR.username}\nmlflow_tracking_password = ${PAIR.password}\n`,
};

test("exec refuses a token that ~/.mlflow/credentials would win over, until the file is moved", { skip }, async () => {
  const { run, bearer } = stage();
  const refused = await run(EXEC, { server: bearer, home: CREDENTIALS });
  assert.deepEqual([refused.status, refused.stdout, codeOf(refused)], [125, "", "credentials-file-wins"]);
  const remedy = /try: .* or: (mv \S+ \S+)\n/.exec(refused.stderr)?.[1]?.replaceAll(refused.home, "~") ?? "false";
  await assertLogged(
    "bearer",
    await run(script(`${remedy} && ${EXEC.join(" ")}`), { server: bearer, home: CREDENTIALS }),
  );
});

test("exec --force shows why: MLflow's client sends the file's password in place of the token", { skip }, async () => {
  const { run, bearer, basic } = stage();
  const forced = ["mlflow-auth", "exec", "--force", "python", "train.py"];
  const [atBearer, atBasic] = await Promise.all([
    run(forced, { server: bearer, home: CREDENTIALS }),
    run(forced, { server: basic, home: CREDENTIALS }),
  ]);
  assertRefused(atBearer);
  await assertLogged("basic", atBasic);
});

test("exec with a user name and password wins over those of ~/.mlflow/credentials", { skip }, async () => {
  const home = { ".mlflow/credentials": CREDENTIALS[".mlflow/credentials"].replace(PAIR.password, "old-canary") };
  const { run, basic } = stage();
  await assertLogged("basic", await run(EXEC, { server: basic, secret: "mlflow-basic", home }));
});

test("exec warns of a netrc entry that wins over the token, and NETRC= is the remedy", { skip }, async () => {
  const { run, bearer } = stage();
  const home = { ".netrc": "default login trainer password old-canary\n" };
  const [warned, helped] = await Promise.all([
    run(EXEC, { server: bearer, home }),
    run(EXEC, { server: bearer, home, env: { NETRC: "" } }),
  ]);
  assert.match(warned.stderr, /^mlflow-auth: warning: entry "default" of ".*\/\.netrc" wins .*, or set NETRC=$/m);
  assertRefused(warned);
  assert.doesNotMatch(helped.stderr, /warning/);
  await assertLogged("bearer", helped);
});

test("exec starts nothing for a host that MLFLOW_SECRETS_ALLOWED_HOSTS does not name", { skip }, async () => {
  const { azure, run, bearer } = stage();
  const before = azure.requests.length;
  const allowed = { MLFLOW_SECRETS_ALLOWED_HOSTS: "mlflow.corp.example" };
  const refused = await run(EXEC, { server: bearer, env: allowed });
  assert.deepEqual([refused.status, refused.stdout, codeOf(refused)], [125, "", "host-not-allowed"]);
  assert.equal(azure.requests.length, before);
  const [, host] = /add (\S+) to MLFLOW_SECRETS_ALLOWED_HOSTS/.exec(refused.stderr) ?? [];
  const env = { MLFLOW_SECRETS_ALLOWED_HOSTS: `mlflow.corp.example,${host}` };
  assert.equal((await run(["mlflow-auth", "exec", "true"], { server: bearer, env })).status, 0);
});

test("exec ends as the training ends, by a status or a signal", { skip }, async () => {
  const { run, bearer } = stage();
  const [failed, killed] = await Promise.all([
    run([...EXEC, "--status", "3", "--lr", "0.2"], { server: bearer }),
    run([...EXEC, "--die", "SIGTERM"], { server: bearer }),
  ]);
  assert.deepEqual([failed.status, failed.signal], [3, null], failed.stderr);
  assert.deepEqual(await readRun(bearer, `${failed.runs[0]}`), {
    ...WHOLE_RUN,
    params: { lr: "0.2" },
    status: "FAILED",
  });
  assert.equal(killed.signal, "SIGTERM", killed.stderr);
  assert.deepEqual(await readRun(bearer, `${killed.runs[0]}`), { ...WHOLE_RUN, status: "RUNNING" });
});

test("a signal that is sent to exec reaches the training, which closes its run", { skip }, async () => {
  const { run, bearer } = stage();
  const stopped = await run([...EXEC, "--wait"], { server: bearer, signal: "SIGINT" });
  assert.equal(stopped.signal, "SIGINT", stopped.stderr);
  assert.match(stopped.stderr, /^KeyboardInterrupt$/m);
  assert.deepEqual(await readRun(bearer, `${stopped.runs[0]}`), { ...WHOLE_RUN, status: "FAILED" });
});

test("no training asked anybody but Azure and its server", { skip }, () => {
  assert.deepEqual(stage().azure.refused, []);
});
