import "../support/guard.ts";
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Azure, startAzure } from "../support/azure/start_azure.ts";
import { IDS } from "../support/azure/world.ts";
import { programBuilds } from "../support/builds.ts";
import { findSecret } from "../support/canary.ts";
import { skipUnless } from "../support/skip.ts";
import { type Job, startJob, type StepOptions } from "./action/job.ts";
import { startMirror } from "./action/mirror.ts";
import { actionNode } from "./action/node.ts";
import { type Checkout, makeRelease, type Release, VERSION } from "./action/release.ts";
import { run } from "./shells/run.ts";

const [program] = programBuilds().filter(({ name, skip }) => name !== "source" && skip === false);
const node = actionNode();
const skip = skipUnless(program !== undefined, "no executable of the program is there: deno task compile") ||
  skipUnless(node !== undefined, "node is not there (or this is Windows): the GitHub Actions step runs on it");
const skipProxy = skip !== false
  ? skip
  : skipUnless((node?.major ?? 0) >= 24, "Node 24 is not there, which npm brings to Linux: older ones know no proxy");

const shared: { azure?: Azure; release?: Release } = {};

before(async () => {
  if (skip !== false || program === undefined) return;
  [shared.azure, shared.release] = await Promise.all([startAzure(), makeRelease(program.command[0])]);
});

after(async () => {
  await shared.azure?.close();
  await shared.release?.[Symbol.asyncDispose]();
});

function world(): { readonly azure: Azure; readonly release: Release } {
  const { azure, release } = shared;
  if (azure === undefined || release === undefined) throw new Error("Azure and the release are not there yet");
  return { azure, release };
}

/** A job that may ask for an OIDC token; the tool cache of the first one serves them all. */
async function job(checkout: Checkout = world().release, env: Readonly<Record<string, string>> = {}): Promise<Job> {
  const { azure } = world();
  const { ACTIONS_ID_TOKEN_REQUEST_URL = "", ACTIONS_ID_TOKEN_REQUEST_TOKEN = "" } = await azure.identity("github");
  const oidc = { ACTIONS_ID_TOKEN_REQUEST_URL, ACTIONS_ID_TOKEN_REQUEST_TOKEN };
  const tools = join(azure.folder, "tools");
  mkdirSync(tools, { recursive: true });
  const own = { ...azure.env, ...oidc, RUNNER_TOOL_CACHE: tools, ...env };
  return await startJob(checkout, { node: node?.path ?? "node", env: own });
}

const TEAM = {
  "vault-url": "https://team.vault.azure.net/",
  "secret-name": "mlflow",
  "tenant-id": IDS.tenants.public,
  "client-id": IDS.client,
};

/** What export hides of the token: itself, and how the format sh spells it. */
const ENCODED = btoa("mlflow-token-canary");
const EXPORTED = ["mlflow-token-canary", String.raw`mlflow\055token\055canary`, ENCODED];

const script = (text: string, more: Readonly<Record<string, string>> = {}): StepOptions => ({
  inputs: { ...TEAM, run: text, ...more },
});

test(
  "run: gives the credential to the script alone, and hides it in the log before the script starts",
  { skip },
  async () => {
    await using one = await job();
    const { azure } = world();
    const before = azure.requests.length;
    const step = await one.step(script('env | sort; env | sort >&2; ls -A "$RUNNER_TEMP" > temp'));
    assert.equal(step.status, 0, step.log);
    assert.equal(findSecret(step.log), undefined);
    assert.deepEqual(step.masks, ["mlflow-token-canary", ENCODED, "mlflow-token-canary", ENCODED]);
    const lines = step.log.split("\n");
    assert.deepEqual(lines.filter((line) => line.startsWith("MLFLOW_TRACKING_")), [
      "MLFLOW_TRACKING_TOKEN=***",
      "MLFLOW_TRACKING_TOKEN=***",
    ]);
    assert.deepEqual(lines.filter((line) => /^(?:INPUT_|ACTIONS_|STATE_)/.test(line)), []);
    assert.deepEqual({ env: step.env, path: step.path, state: step.state, summary: step.summary }, {
      env: [],
      path: [],
      state: [],
      summary: "",
    });
    assert.match(readFileSync(join(one.workspace, "temp"), "utf8"), /^mlflow-auth-\w+\n$/);
    assert.deepEqual(readdirSync(one.temp), []);
    assert.deepEqual(azure.requests.slice(before).filter(({ service }) => service === "github").length, 1);
    assert.deepEqual((await one.post()).env, []);
  },
);

test("run: hides every form of a user name and password", { skip }, async () => {
  await using one = await job();
  const text =
    'printf %s "$MLFLOW_TRACKING_USERNAME:$MLFLOW_TRACKING_PASSWORD" | base64; echo "$MLFLOW_TRACKING_PASSWORD"';
  const step = await one.step(script(text, { "secret-name": "mlflow-basic", "auth-mode": "basic" }));
  assert.equal(step.status, 0, step.log);
  assert.equal(findSecret(step.log), undefined);
  assert.deepEqual([...new Set(step.masks)], [
    "mlflow-password-canary",
    btoa("trainer:mlflow-password-canary"),
  ]);
});

test("run: ends with the status of the script, as the shell decides it", { skip }, async () => {
  await using one = await job();
  const status = async (text: string, shell: string): Promise<number> =>
    (await one.step(script(text, { shell }))).status;
  assert.equal(await status("exit 7", ""), 7);
  assert.equal(await status("exit 125", ""), 125);
  assert.equal(await status("false\nexit 0", ""), 1);
  assert.equal(await status("false | true\nexit 5", ""), 5);
  assert.equal(await status("false | true\nexit 5", "bash"), 1);
  assert.equal(await status("kill -TERM $$", "sh"), 143);
  assert.equal(await status("process.exit('MLFLOW_TRACKING_TOKEN' in process.env ? 4 : 1)", `${node?.path} {0}`), 4);
  const failed = await one.step(script("exit 7"));
  assert.match(failed.log, /^::error title=mlflow-auth::The script ended with exit status 7$/m);
  assert.equal(failed.summary, "");
});

test("run: takes a shell's template and a working directory with blanks", { skip }, async () => {
  await using one = await job();
  mkdirSync(join(one.workspace, "a b"));
  const step = await one.step(script("ignored", { shell: 'sh -c "pwd; wc -l {0}"', "working-directory": "a b" }));
  assert.equal(step.status, 0, step.log);
  assert.match(step.log, /\/work\/a b$/m);
  assert.match(step.log, /^0 \S+\/script\.sh$/m);
  const nowhere = await one.step(script("true", { "working-directory": "nowhere" }));
  assert.equal(nowhere.status, 1);
  assert.match(
    nowhere.log,
    /^::error title=mlflow-auth::Cannot run the script in ".*nowhere": it is no folder%0Atry: /m,
  );
  const shell = await one.step(script("true", { shell: "nosuchshell {0}" }));
  assert.match(shell.log, /^::error title=mlflow-auth::Cannot find the shell "nosuchshell"/m);
});

test("run: passes the signal of a cancelled job on and waits for the script's own end", { skip }, async () => {
  await using one = await job();
  const text = "trap 'echo stopping; exit 9' INT\necho ready\nfor _ in 1 2 3 4 5 6 7 8 9; do sleep 1; done";
  const step = await one.step({
    ...script(text),
    meanwhile: async ({ pid, shown }) => {
      for (let waitedMs = 0; !/^ready$/m.test(shown()) && waitedMs < 20_000; waitedMs += 50) await sleep(50);
      process.kill(pid, "SIGINT");
    },
  });
  assert.equal(step.status, 9, step.log);
  assert.match(step.log, /^stopping$/m);
  assert.deepEqual(readdirSync(one.temp), []);
});

test("without run: the program is on PATH, and later steps know the settings and no secret", { skip }, async () => {
  await using one = await job();
  const step = await one.step({ inputs: { ...TEAM, "tracking-uri": "https://mlflow.example" } });
  assert.equal(step.status, 0, step.log);
  assert.deepEqual(step.env, [
    ["MLFLOW_AZURE_KEY_VAULT_URL", TEAM["vault-url"]],
    ["MLFLOW_AZURE_SECRET_NAME", TEAM["secret-name"]],
    ["AZURE_TENANT_ID", TEAM["tenant-id"]],
    ["AZURE_CLIENT_ID", TEAM["client-id"]],
    ["MLFLOW_TRACKING_URI", "https://mlflow.example"],
  ]);
  assert.equal(step.log + step.summary, "");
  assert.deepEqual([step.path.length, step.state, step.masks], [1, [], []]);
  const later = await run([
    "sh",
    "-c",
    "mlflow-auth exec -- sh -c 'echo \"${#MLFLOW_TRACKING_TOKEN} $MLFLOW_TRACKING_URI\"'",
  ], {
    cwd: one.workspace,
    env: one.env(),
  });
  assert.deepEqual(later, { status: 0, stdout: "19 https://mlflow.example\n", stderr: "" });
  assert.deepEqual((await one.post()).env, []);
});

test("export: true hands masked variables to later steps, and the end of the job blanks them", { skip }, async () => {
  await using one = await job();
  const step = await one.step({ inputs: { ...TEAM, export: "true" } });
  assert.equal(step.status, 0, step.log);
  assert.equal(findSecret(step.log), undefined);
  assert.deepEqual(step.masks, EXPORTED);
  assert.deepEqual(step.env.slice(-1), [["MLFLOW_TRACKING_TOKEN", "mlflow-token-canary"]]);
  const post = await one.post();
  assert.deepEqual([post.status, post.log, post.env], [0, "", [["MLFLOW_TRACKING_TOKEN", ""]]]);
});

test(
  "export ends the last line of a file that lacks its end, and begins no other with an empty one",
  { skip },
  async () => {
    await using one = await job();
    const { "vault-url": MLFLOW_AZURE_KEY_VAULT_URL, "secret-name": MLFLOW_AZURE_SECRET_NAME } = TEAM;
    const own = { AZURE_TENANT_ID: IDS.tenants.public, AZURE_CLIENT_ID: IDS.client };
    const path = join(one.folder, "env");
    const texts: string[] = [];
    for (const before of ["", "A=1", "A=1\n"]) {
      writeFileSync(path, before);
      const env = { ...one.env(), ...own, MLFLOW_AZURE_KEY_VAULT_URL, MLFLOW_AZURE_SECRET_NAME, GITHUB_ENV: path };
      const words = [...program?.command ?? [], "export", "--format", "github"];
      assert.equal((await run(words, { cwd: one.workspace, env })).status, 0);
      texts.push(readFileSync(path, "utf8").split("MLFLOW_TRACKING_TOKEN<<")[0] ?? "");
    }
    assert.deepEqual(texts, ["", "A=1\n", "A=1\n"]);
  },
);

test("export: true masks before it writes, so that a failed write has masked already", { skip }, async () => {
  await using one = await job();
  const { "vault-url": MLFLOW_AZURE_KEY_VAULT_URL, "secret-name": MLFLOW_AZURE_SECRET_NAME } = TEAM;
  const own = { AZURE_TENANT_ID: IDS.tenants.public, AZURE_CLIENT_ID: IDS.client };
  const env = { ...own, MLFLOW_AZURE_KEY_VAULT_URL, MLFLOW_AZURE_SECRET_NAME, GITHUB_ENV: one.folder };
  const step = await one.step({ inputs: { export: "true" }, env });
  assert.equal(step.status, 1, step.log);
  assert.deepEqual(step.masks, EXPORTED);
  assert.ok(step.log.indexOf("::add-mask::") < step.log.indexOf("Cannot write the variables"), step.log);
});

test("a job without the permission learns it from the log, the step's error and its summary", { skip }, async () => {
  await using one = await job();
  const oidc = { ACTIONS_ID_TOKEN_REQUEST_URL: undefined, ACTIONS_ID_TOKEN_REQUEST_TOKEN: undefined };
  const event = join(one.folder, "event.json");
  writeFileSync(event, JSON.stringify({ pull_request: { head: { repo: { full_name: "fork/training" } } } }));
  const causes = [
    [{}, "give the job the permission: permissions: { id-token: write, contents: read }"],
    [{ GITHUB_EVENT_NAME: "pull_request", GITHUB_EVENT_PATH: event }, "skip the job for forks"],
    [{ GITHUB_ACTOR: "dependabot[bot]" }, "skip the job for Dependabot"],
  ] as const;
  for (const [env, remedy] of causes) {
    const step = await one.step({ ...script("touch started"), env: { ...oidc, ...env } });
    assert.equal(step.status, 125, step.log);
    assert.deepEqual(readdirSync(one.workspace), [], "the script has not started");
    assert.match(step.log, /^ {2}more: mlflow-auth explain github-oidc-unavailable /m);
    const error = step.log.split("\n").find((line) => line.startsWith("::error")) ?? "";
    assert.match(error, /^::error title=mlflow-auth%3A github-oidc-unavailable::Cannot get an OIDC token from GitHub/);
    const plain = step.summary.replaceAll(/&#(\d+);/g, (_all, code) => String.fromCharCode(Number(code)));
    const row = plain.split("\n").find((line) => line.startsWith("| fail | ci |")) ?? "";
    assert.ok(row.replaceAll(/ +/g, " ").includes(remedy), plain);
    const page = `https://github.com/ml/mlflow-auth/blob/v${VERSION}/docs/errors.md#github-oidc-unavailable`;
    assert.ok(row.includes(`([github-oidc-unavailable](${page}))`), row);
  }
});

test("a failure in Azure is told by doctor's findings, which hold no secret", { skip }, async () => {
  await using one = await job();
  const step = await one.step({ inputs: { ...TEAM, "secret-name": "nosuch", export: "true" } });
  assert.equal(step.status, 1, step.log);
  assert.match(step.log, /^::error title=mlflow-auth%3A secret-not-found::/m);
  assert.match(step.summary, /^\| fail \| secret \| .*\(\[secret-not-found\]\(/m);
  assert.equal(findSecret(step.log + step.summary), undefined);
  assert.deepEqual((await one.post()).env, []);
});

test("RUNNER_DEBUG turns on the log of mlflow-auth, without a secret", { skip }, async () => {
  await using one = await job();
  const step = await one.step({ ...script("true"), env: { RUNNER_DEBUG: "1" } });
  assert.match(step.log, /team\.vault\.azure\.net/);
  assert.equal(findSecret(step.log), undefined);
});

test(
  "the program is fetched once, checked, and kept in the tool cache for the revision that knows it",
  { skip },
  async () => {
    const { release } = world();
    const other = join(world().azure.folder, "other");
    writeFileSync(other, "#!/bin/sh\necho other\n");
    chmodSync(other, 0o755);
    const digests = { one: release.add("1.0.0", { name: "mlflow-auth", path: other }) };
    const first = release.checkoutWith({ "1.0.0": { [release.archive]: digests.one } });
    const start = release.asked.length;
    await using one = await job(first, { RUNNER_TOOL_CACHE: world().azure.folder, GITHUB_ACTION_REF: "v1" });
    const paths = [(await one.step()).path, (await one.step()).path];
    const path = join(world().azure.folder, "mlflow-auth", "1.0.0", process.arch);
    assert.deepEqual(paths, [[path], [path]]);
    assert.deepEqual(release.asked.slice(start), [`/v1.0.0/${release.archive}`]);
    writeFileSync(other, "#!/bin/sh\necho rebuilt\n");
    const second = release.checkoutWith({
      "1.0.0": { [release.archive]: release.add("1.0.0", { name: "mlflow-auth", path: other }) },
    });
    await using two = await job(second, {
      RUNNER_TOOL_CACHE: world().azure.folder,
      GITHUB_ACTION_REF: "v1",
      MLFLOW_AUTH_RELEASES_URL: release.fileUrl,
    });
    assert.deepEqual((await two.step()).path, [path]);
    assert.equal((await run([join(path, "mlflow-auth")], { cwd: two.workspace })).stdout, "rebuilt\n");
    assert.deepEqual(readdirSync(join(path, "..")).sort(), [process.arch, `${process.arch}.complete`]);
  },
);

test("a program in the tool cache that somebody changed is fetched anew", { skip }, async () => {
  const { release } = world();
  const tools = join(world().azure.folder, "changed");
  await using one = await job(release, { RUNNER_TOOL_CACHE: tools });
  const [folder = ""] = (await one.step()).path;
  const path = join(folder, "mlflow-auth");
  const bytes = readFileSync(path);
  writeFileSync(path, "#!/bin/sh\necho changed\n");
  const start = release.asked.length;
  assert.equal((await one.step()).status, 0);
  assert.deepEqual(release.asked.slice(start), [`/v${VERSION}/${release.archive}`]);
  assert.ok(bytes.equals(readFileSync(path)));
});

test(
  "the program is fetched through the runner's proxy, with the roots that the runner trusts",
  { skip: skipProxy },
  async () => {
    const { release } = world();
    await using mirror = await startMirror(release);
    const tools = join(world().azure.folder, "proxied");
    await using one = await job(release, { ...mirror.env, RUNNER_TOOL_CACHE: tools });
    const step = await one.step();
    assert.equal(step.status, 0, step.log);
    assert.deepEqual(step.path, [join(tools, "mlflow-auth", VERSION, process.arch)]);
    assert.deepEqual(mirror.accepted, ["mirror.example:443"]);
  },
);

interface Refused {
  readonly name: string;
  readonly message: RegExp;
  readonly checksums?: (release: Release) => unknown;
  readonly env?: Readonly<Record<string, string>>;
  readonly inputs?: Readonly<Record<string, string>>;
}

const ZERO = "0".repeat(64);
const REFUSED: readonly Refused[] = [
  {
    name: "a file that is not the one released",
    message:
      /^Cannot use "mlflow-auth-\S+": its SHA-256 is [0-9a-f]{64}, and the action expects 0{64}%0Atry: do not run it/,
    checksums: ({ archive }) => ({ [VERSION]: { [archive]: ZERO } }),
  },
  {
    name: "a file that is not there",
    message:
      /^Cannot fetch "http:\/\/127\.0\.0\.1:\d+\/v8\.0\.0\/\S+": it answered 404%0Atry: check that the release exists/,
    checksums: ({ archive }) => ({ "8.0.0": { [archive]: ZERO } }),
    inputs: { version: "8.0.0" },
  },
  {
    name: "a folder without the release",
    message: /^Cannot fetch "\/nowhere\/v9\.9\.9\/\S+": ENOENT%0Atry: /,
    env: { MLFLOW_AUTH_RELEASES_URL: "file:///nowhere" },
  },
  {
    name: "a mirror that anybody on the way could change",
    message: /^Cannot use "MLFLOW_AUTH_RELEASES_URL": it is no https URL%0Atry: /,
    env: { MLFLOW_AUTH_RELEASES_URL: "http://mirror.example" },
  },
  {
    name: "an archive without the program",
    message: /^Cannot unpack "\S+": it holds no mlflow-auth%0Atry: /,
    checksums: (release) => {
      const path = join(world().azure.folder, "ca.pem");
      return { "7.0.0": { [release.archive]: release.add("7.0.0", { name: "ca.pem", path }) } };
    },
    inputs: { version: "7.0.0" },
  },
  {
    name: "a version without a checksum",
    message:
      /^Cannot install "\S+" of version "6\.0\.0": this revision of the action has no SHA-256 for it%0Atry: use the action at the tag v6\.0\.0/,
    inputs: { version: "6.0.0" },
  },
  {
    name: "a revision before the first release",
    message:
      /^Cannot tell which version belongs to "main": it has no checksums%0Atry: use the action at the tag of a release/,
    checksums: () => ({}),
    env: { GITHUB_ACTION_REF: "main" },
  },
  {
    name: "a machine for which nothing is built",
    message: /^Cannot install "mlflow-auth" on "Linux ARM": no release is built for it%0Atry: /,
    env: { RUNNER_OS: "Linux", RUNNER_ARCH: "ARM" },
  },
  {
    name: "a tool cache that is none",
    message: /^Cannot prepare the step: ENOTDIR: .*%0Atry: check that the runner's user may read and write there/,
    env: { RUNNER_TOOL_CACHE: "/dev/null" },
  },
  {
    name: "inputs that contradict each other",
    message: /^Cannot take both "run" and "export"/,
    inputs: { run: "true", export: "true" },
  },
];

for (const refused of REFUSED) {
  test(`the step refuses ${refused.name}, and runs and hands on nothing`, { skip }, async () => {
    const { release } = world();
    const checkout = refused.checksums === undefined ? release : release.checkoutWith(refused.checksums(release));
    await using one = await job(checkout);
    const tools = join(one.folder, "tools");
    const step = await one.step({
      inputs: { ...TEAM, ...refused.inputs },
      env: { RUNNER_TOOL_CACHE: tools, ...refused.env },
    });
    assert.equal(step.status, 1, step.log);
    const [line = "", ...rest] = step.log.split("\n");
    assert.match(line.replace(/^::error title=mlflow-auth::/, ""), refused.message);
    assert.deepEqual(rest, [""]);
    assert.match(step.summary, /^\n### mlflow-auth\n\nCannot /);
    assert.deepEqual([step.env, step.path, step.state], [[], [], []]);
    const left = readdirSync(tools, { recursive: true, encoding: "utf8" }).filter((path) =>
      /mlflow-auth\W.*mlflow-auth/.test(path)
    );
    assert.deepEqual([left, readdirSync(one.temp)], [[], []]);
  });
}
