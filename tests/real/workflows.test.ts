import "../support/guard.ts";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { blocksOf } from "../docs/blocks_of.ts";
import { goProgram, withoutGo } from "../support/go.ts";
import { pythonWith } from "../support/python.ts";
import { skipUnless } from "../support/skip.ts";

const ACTIONLINT = { from: "github.com/rhysd/actionlint/cmd/actionlint", version: "v1.7.12" };
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const FOLDER = join(ROOT, ".github", "workflows");
const workflows = readdirSync(FOLDER).filter((name) => /\.ya?ml$/.test(name)).map((name) => join(FOLDER, name));
const path = goProgram(ACTIONLINT);
const skip = skipUnless(path !== undefined, withoutGo(ACTIONLINT));
const zizmor = await pythonWith("zizmor", [3, 11]).then((python) => join(dirname(python), "zizmor"), () => undefined);
const noZizmor = skipUnless(zizmor !== undefined, "zizmor cannot be installed: pip install zizmor==1.32.0");

/** What actionlint has to say of workflows. */
function lint(cwd: string, paths: readonly string[]): string {
  try {
    return execFileSync(path ?? "", [...paths], { cwd, encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    return String((error as { readonly stdout?: string }).stdout);
  }
}

test("actionlint finds nothing in the workflows", { skip }, () => {
  assert.ok(workflows.length > 0);
  assert.equal(lint(ROOT, workflows), "");
});

test("actionlint finds nothing in the workflows of the docs", { skip }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "mlflow-auth-lint-"));
  try {
    const page = readFileSync(join(ROOT, "docs", "deployment", "github-actions.md"), "utf8");
    const whole = blocksOf(page, "github-actions.md").filter(({ text }) => /^jobs:$/m.test(text));
    const paths = whole.map(({ line, text }) => {
      const workflow = join(folder, `line-${line}.yml`);
      writeFileSync(workflow, text);
      return workflow;
    });
    assert.ok(paths.length > 1);
    assert.equal(lint(folder, paths), "");
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("actionlint takes the project's own action, and knows its inputs", { skip }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "mlflow-auth-lint-"));
  try {
    // It looks for an action in a repository only.
    for (const name of [".git", ".github/workflows"]) mkdirSync(join(folder, name), { recursive: true });
    for (const name of ["action.yml", "action"]) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
    const using = (input: string): string => {
      const workflow = join(folder, ".github", "workflows", "train.yml");
      const step = ["      - uses: ./", "        with:", `          ${input}: x`, ""];
      const job = ["jobs:", "  train:", "    runs-on: ubuntu-latest", "    steps:", ...step];
      writeFileSync(workflow, ["on: push", "permissions: {}", ...job].join("\n"));
      return lint(folder, [workflow]);
    };
    assert.equal(using("vault-url"), "");
    assert.match(using("vault-uri"), /input "vault-uri" is not defined in action "mlflow-auth"/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("zizmor finds nothing in the workflows and the action, as its most pedantic self", { skip: noZizmor }, () => {
  const args = ["--offline", "--no-progress", "--quiet", "--persona", "pedantic", "--format", "plain", "."];
  // It ends with another status than 0 for any finding; one is left out in release.yml, with its reason.
  const said = execFileSync(zizmor ?? "", args, { cwd: ROOT, encoding: "utf8", stdio: "pipe" });
  assert.equal(said.trim(), "No findings to report. Good job! (1 ignored)");
});

test("the job that signs a release runs no test, and packs what the builds said they had built", () => {
  const text = readFileSync(join(FOLDER, "release.yml"), "utf8");
  const jobs = new Map(text.split(/^ {2}(?=[a-z]+:$)/m).slice(1).map((job) => [job.slice(0, job.indexOf(":")), job]));
  const release = jobs.get("release") ?? assert.fail("there is no job release");
  assert.match(release, /needs: \[build, test, ground\]/);
  assert.match(release, /sha256sum --check --strict/);
  assert.deepEqual(
    [...release.matchAll(/task (\w+)(.*)/g)].map(([, task, rest]) => [task, rest?.includes("--tested")]),
    [
      ["release", true],
    ],
  );
  for (const name of ["build", "test", "ground"]) {
    const permissions = /permissions:\n((?: {6}\S.*\n)+)/.exec(jobs.get(name) ?? "")?.[1];
    assert.equal(permissions?.trim(), "contents: read", name);
  }
});

test("images are named by their digest", () => {
  const dockerfile = readFileSync(join(ROOT, "Dockerfile"), "utf8");
  const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base = ""]) => base);
  const outside = bases.filter((base) => base !== "scratch" && !base.startsWith("program-"));
  assert.ok(outside.length > 0 && outside.every((base) => /@sha256:[0-9a-f]{64}$/.test(base)), outside.join(" "));
  const builder = /BUILDKIT: (\S+)/.exec(readFileSync(join(FOLDER, "release.yml"), "utf8"))?.[1] ?? "";
  assert.match(builder, /^moby\/buildkit:v[\d.]+@sha256:[0-9a-f]{64}$/);
});

test("Python's packages are pinned with the hashes of their files", () => {
  const folder = join(ROOT, "tests", "real", "requirements");
  const bare = readdirSync(folder).flatMap((name) => {
    const entries = readFileSync(join(folder, name), "utf8").split(/^(?=[A-Za-z])/m).filter((entry) =>
      /^[A-Za-z]/.test(entry)
    );
    assert.ok(entries.length > 0, name);
    return entries.filter((entry) => !/==\S+.*\\\n {4}--hash=sha256:[0-9a-f]{64}/.test(entry)).map((entry) =>
      `${name}: ${entry}`
    );
  });
  assert.deepEqual(bare, []);
});

test("a workflow has no permission that its jobs do not ask for, and pins every action to a commit", () => {
  for (const workflow of workflows) {
    const text = readFileSync(workflow, "utf8");
    assert.match(text, /^permissions: \{\}$/m, workflow);
    const loose = [...text.matchAll(/^\s*(?:- )?uses: (.*)$/gm)].map(([, used = ""]) => used)
      .filter((used) => !used.startsWith("./") && !/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(used));
    assert.deepEqual(loose, [], workflow);
  }
});
