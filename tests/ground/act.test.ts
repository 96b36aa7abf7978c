import "../support/guard.ts";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import { type Azure, startAzure } from "../support/azure/start_azure.ts";
import { IDS } from "../support/azure/world.ts";
import { programBuilds } from "../support/builds.ts";
import { findSecret } from "../support/canary.ts";
import { goProgram, withoutGo } from "../support/go.ts";
import { nodeFromNpm } from "../support/node.ts";
import { skipUnless } from "../support/skip.ts";
import { makeRelease, type Release } from "../real/action/release.ts";
import { type Acted, runAct, USES, USES_LAST } from "./act/run_act.ts";

// The action under a runner that others wrote, which reads the files of commands more strictly than GitHub's.

const ACT = { from: "github.com/nektos/act", version: "v0.2.89" };
const [program] = programBuilds().filter(({ name, skip }) => name !== "source" && skip === false);
const act = goProgram(ACT);
const nodes = ["20.20.2", "24.21.0"].map((version) => ({ version, path: nodeFromNpm(version) }));
const skip = skipUnless(program !== undefined, "no executable of the program is there: deno task compile") ||
  skipUnless(act !== undefined, withoutGo(ACT)) ||
  skipUnless(nodes.every(({ path }) => path !== undefined), "Node 20 and 24 are not there, which npm brings to Linux");

const shared: { azure?: Azure; release?: Release } = {};

before(async () => {
  if (skip !== false || program === undefined) return;
  [shared.azure, shared.release] = await Promise.all([startAzure(), makeRelease(program.command[0])]);
});

after(async () => {
  await shared.azure?.close();
  await shared.release?.[Symbol.asyncDispose]();
});

const INPUTS = {
  "vault-url": "https://team.vault.azure.net/",
  "secret-name": "mlflow",
  "tenant-id": IDS.tenants.public,
  "client-id": IDS.client,
};

const indented = (text: string, by: string): string => text.split("\n").map((line) => by + line).join("\n");

/** A step of the action. */
const ours = (inputs: Readonly<Record<string, string>> = {}, more = ""): string =>
  `      - uses: ${USES}\n${more}        with:\n` +
  Object.entries({ ...INPUTS, ...inputs }).map(([name, value]) =>
    `          ${name}: |-\n${indented(value, "            ")}\n`
  )
    .join("");

/** A step with a script. */
const script = (text: string, more = ""): string => `      - run: |\n${indented(text, "          ")}\n${more}`;

/** Runs steps on each Node, and finds no secret in what was printed. */
async function acted(steps: readonly string[], { at = "24.21.0" } = {}): Promise<Acted> {
  const { azure, release } = shared;
  const node = nodes.find(({ version }) => version === at)?.path;
  if (azure === undefined || release === undefined || act === undefined || node === undefined) {
    throw new Error("not there");
  }
  const { ACTIONS_ID_TOKEN_REQUEST_URL = "", ACTIONS_ID_TOKEN_REQUEST_TOKEN = "" } = await azure.identity("github");
  const env = { ...azure.env, ACTIONS_ID_TOKEN_REQUEST_URL, ACTIONS_ID_TOKEN_REQUEST_TOKEN };
  const ran = await runAct(steps.join(""), { act, node, checkout: release, env });
  assert.equal(findSecret(ran.log), undefined, ran.log);
  return ran;
}

const SEEN = 'echo "[$MLFLOW_TRACKING_USERNAME][${#MLFLOW_TRACKING_PASSWORD}][${#MLFLOW_TRACKING_TOKEN}]"';

for (const { version } of nodes) {
  test(`export: true replaces the credential of a step before, and the end of the job blanks it (Node ${version})`, {
    skip,
  }, async () => {
    const { status, log, printed } = await acted([
      `      - uses: ${USES_LAST}\n`,
      script('printf "MLFLOW_TRACKING_USERNAME=old\\nMLFLOW_TRACKING_PASSWORD=old" >> "$GITHUB_ENV"'),
      script(SEEN),
      ours({ export: "true" }),
      script(SEEN),
      script('test "$MLFLOW_TRACKING_TOKEN" = mlflow-token-canary'),
    ], { at: version });
    assert.equal(status, 0, log);
    assert.deepEqual(printed.filter((line) => /^\[|after all/.test(line)), [
      "[old][3][0]",
      "[][0][19]",
      "after all: [] []",
    ]);
  });
}

test("export: true hands on a pair whose password has lines, in one piece", { skip }, async () => {
  const password = 'mlflow-password-canary\nEOF\n"second" $line\n';
  const [vault] = shared.azure?.world.vaults ?? [];
  const [version] = vault?.secrets.get("mlflow-basic") ?? [];
  if (vault === undefined || version === undefined) throw new Error("the stand-in has no such secret");
  vault.secrets.set("lines", [{ ...version, value: JSON.stringify({ username: "trainer", password }) }]);
  const { status, log, printed } = await acted([
    script('echo MLFLOW_TRACKING_TOKEN=old >> "$GITHUB_ENV"'),
    ours({ "secret-name": "lines", export: "true" }),
    script('test "$MLFLOW_TRACKING_USERNAME" = trainer; printf %s "$MLFLOW_TRACKING_PASSWORD" | cksum'),
  ]);
  assert.equal(status, 0, log);
  const sum = execFileSync("cksum", { input: password, encoding: "utf8" }).trim();
  assert.deepEqual(printed, [sum], log);
});

test("run: gives the credential to its script alone, in each shell and folder", { skip }, async () => {
  const length = "${#MLFLOW_TRACKING_TOKEN}";
  const { status, log, printed } = await acted([
    script("mkdir 'a b'"),
    ours({
      run: `echo "sh ${length}" "$(basename "$PWD")"; echo "$MLFLOW_TRACKING_TOKEN"`,
      "working-directory": "a b",
    }),
    ours({ run: `set -o pipefail; [[ ${length} == 19 ]] && echo "bash ${length}"`, shell: "bash" }),
    ours({ run: "import os; print('python', len(os.environ['MLFLOW_TRACKING_TOKEN']))", shell: "python3 {0}" }),
    ours({ run: "console.log('node', process.env.MLFLOW_TRACKING_TOKEN.length)", shell: "node {0}" }),
    script(`echo "later ${length}"`),
  ]);
  assert.equal(status, 0, log);
  assert.deepEqual(printed, ["sh 19 a b", "***", "bash 19", "python 19", "node 19", "later 0"], log);
});

test("without run: the steps after it find the program and its settings", { skip }, async () => {
  const { status, log, printed } = await acted([
    ours(),
    script(
      `mlflow-auth exec -- sh -c 'echo "$(command -v mlflow-auth | grep -c tool_cache) \${#MLFLOW_TRACKING_TOKEN}"'`,
    ),
  ]);
  assert.equal(status, 0, log);
  assert.deepEqual(printed, ["1 19"], log);
});

test("a step that fails is red, says why in the log, its error and its summary, and hands on no credential", {
  skip,
}, async () => {
  const { status, log, printed } = await acted([
    ours({ "secret-name": "nosuch", export: "true" }),
    script(SEEN, "        if: always()\n"),
  ]);
  assert.equal(status, 1, log);
  assert.match(log, /^\[w\/job\] {3}\| {3}more: .*docs\/errors\.md#secret-not-found\)?$/m);
  assert.match(log, /::error title=mlflow-auth%3A secret-not-found::Cannot read secret "nosuch"/);
  assert.match(log, /^\| fail \| secret \| .*\(\[secret-not-found\]\(/m);
  assert.equal(printed.at(-1), "[][0][0]", log);
});

test("run: a script that fails is red, with its status in the step's error", { skip }, async () => {
  const { status, log } = await acted([ours({ run: "exit 7" })]);
  assert.equal(status, 1, log);
  assert.match(log, /::error title=mlflow-auth::The script ended with exit status 7/);
});

test("RUNNER_DEBUG turns on the log of mlflow-auth", { skip }, async () => {
  const { status, log } = await acted([ours({ run: "true" }, '        env:\n          RUNNER_DEBUG: "1"\n')]);
  assert.equal(status, 0, log);
  assert.match(log, /team\.vault\.azure\.net/);
});
