import "../../support/guard.ts";
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { type ProgramBuild, programBuilds } from "../../support/builds.ts";
import { debianProgram } from "../../support/debian.ts";
import { findProgram } from "../../support/gates/part.ts";
import { skipUnless } from "../../support/skip.ts";
import { endOf, hello, type Scene, sidecarOf, startScene } from "./beside.ts";

// `export --proxy` in every shell and every form of its eval: the proxy belongs to the shell, and ends with it.

const noPython = skipUnless(await findProgram("python3", "python3") !== undefined, "python3 is not installed");

/** A shell: how it says its id and where it was led, how it waits, and how it takes what is printed. */
interface Shell {
  readonly name: string;
  readonly packages?: readonly string[];
  readonly forms: readonly string[];
  readonly hello: string;
  readonly wait: string;
  readonly unset: string;
}

const POSIX = {
  forms: [
    'eval "$(mlflow-auth export --proxy)"',
    "eval $(mlflow-auth export --proxy)",
    "eval `mlflow-auth export --proxy`",
    'eval "$(mlflow-auth export --proxy || echo false)"',
    'eval "$( (cd / && mlflow-auth export --proxy) )"',
    'set -e; code=$(mlflow-auth export --proxy); eval "$code"',
  ],
  hello: 'echo "$$ $MLFLOW_TRACKING_URI $MLFLOW_TRACKING_TOKEN"',
  wait: "read -r go",
  unset: 'eval "$(mlflow-auth export --unset)"',
} as const;

const CSH = {
  forms: ["eval `mlflow-auth export --proxy`", 'eval "`mlflow-auth export --proxy`"'],
  hello: 'echo "$$ $MLFLOW_TRACKING_URI $MLFLOW_TRACKING_TOKEN"',
  wait: 'set go = "$<"',
  unset: "eval `mlflow-auth export --unset`",
} as const;

const SHELLS: readonly Shell[] = [
  ...["sh", "bash", "dash", "zsh", "mksh", "yash", "posh"].map((name) => ({ name, ...POSIX })),
  { name: "ksh93", packages: ["ksh93u+m"], ...POSIX },
  { name: "busybox", ...POSIX },
  { name: "tcsh", ...CSH },
  { name: "bsd-csh", packages: ["csh"], ...CSH },
  {
    name: "fish",
    forms: [
      "set creds (mlflow-auth export --proxy); and eval $creds",
      "mlflow-auth export --proxy | source",
      "eval (mlflow-auth export --proxy)",
    ],
    hello: 'echo "$fish_pid $MLFLOW_TRACKING_URI $MLFLOW_TRACKING_TOKEN"',
    wait: "read go",
    unset: "mlflow-auth export --unset | source",
  },
  {
    name: "elvish",
    forms: ["eval (mlflow-auth export --proxy | slurp)"],
    hello: "echo $pid' '$E:MLFLOW_TRACKING_URI' '$E:MLFLOW_TRACKING_TOKEN",
    wait: "var go = (read-line)",
    unset: "eval (mlflow-auth export --unset | slurp)",
  },
  {
    name: "xonsh",
    forms: ["execx($(mlflow-auth export --proxy))"],
    hello: "print(__import__('os').getpid(), $MLFLOW_TRACKING_URI, $MLFLOW_TRACKING_TOKEN, flush=True)",
    wait: "go = input()",
    unset: "execx($(mlflow-auth export --unset))",
  },
];

const shared: { scene?: Scene; bins?: Map<string, string> } = {};

Deno.test.beforeAll(async () => {
  shared.scene = await startScene();
  shared.bins = new Map();
  // Before anything is started: a child that is forked while a script is written keeps it from being run.
  for (const build of programBuilds()) shared.bins.set(build.name, await binOf(build, shared.scene));
});
Deno.test.afterAll(async () => await shared.scene?.[Symbol.asyncDispose]());

function scene(): Scene {
  if (shared.scene === undefined) throw new Error("Azure does not run");
  return shared.scene;
}

/** A folder with the program, and with a package of npm that starts it. */
async function binOf(build: ProgramBuild, { azure }: Scene): Promise<string> {
  const folder = await mkdtemp(join(azure.folder, `bin-${build.name}-`));
  const quoted = build.command.map((word) => `'${word}'`).join(" ");
  await writeFile(join(folder, "mlflow-auth"), `#!/bin/sh\nexec ${quoted} "$@"\n`);
  await chmod(join(folder, "mlflow-auth"), 0o755);
  // In a language of their own, as each shell would say them otherwise.
  const show = `env | LC_ALL=C sort | grep -iE '^(MLFLOW|NO_PROXY)'`;
  const end = [
    "for one in /proc/[0-9]*; do",
    `  case $(tr '\\0' ' ' 2>/dev/null <"$one/cmdline") in *" sidecar $PPID "*) kill -9 "\${one#/proc/}" ;; esac`,
    "done",
  ].join("\n");
  await writeFile(join(folder, "show-env"), `#!/bin/sh\n${show}\n`);
  await writeFile(join(folder, "end-proxy"), `#!/bin/sh\n${end}\n`);
  for (const name of ["show-env", "end-proxy"]) await chmod(join(folder, name), 0o755);
  const made = join(folder, "node_modules", "mlflow-auth");
  await mkdir(join(folder, "node_modules", ".bin"), { recursive: true });
  await mkdir(made);
  await writeFile(join(folder, "package.json"), "{}");
  await writeFile(join(made, "package.json"), '{ "name": "mlflow-auth", "version": "0.0.0", "bin": "start.js" }');
  const start = `#!/usr/bin/env node\nconst { spawnSync } = require("node:child_process");\n` +
    `process.exitCode = spawnSync(${
      JSON.stringify(join(folder, "mlflow-auth"))
    }, process.argv.slice(2), { stdio: "inherit" }).status;\n`;
  await writeFile(join(made, "start.js"), start);
  await chmod(join(made, "start.js"), 0o755);
  await symlink("../mlflow-auth/start.js", join(folder, "node_modules", ".bin", "mlflow-auth"));
  return folder;
}

/** Runs a script that says hello and waits; asserts that the proxy is the shell's, and ends with it. */
async function assertOwned(build: ProgramBuild, { words, script }: { words: readonly string[]; script: string }) {
  const { env, azure } = scene();
  const bin = shared.bins?.get(build.name) ?? "";
  const path = join(await mkdtemp(join(azure.folder, "script-")), "script");
  await writeFile(path, script);
  const [program = "", ...args] = words;
  const child = spawn(program, [...args, path], {
    cwd: bin,
    env: { ...env, PATH: `${bin}:${env["PATH"]}`, npm_config_update_notifier: "false", npm_config_offline: "true" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const { pid, uri, key } = await hello(child);
  const sidecar = sidecarOf(pid);
  assert.notEqual(sidecar, undefined, `the proxy does not belong to the shell ${pid}`);
  const answer = await fetch(`${uri}/version`, { headers: { authorization: `Bearer ${key}` } });
  assert.deepEqual([answer.status, await answer.text()], [200, "3.8.1"]);
  const ended = once(child, "exit");
  child.stdin.end("go\n");
  await ended;
  await endOf(sidecar ?? 0);
}

const linux = skipUnless(process.platform === "linux", "processes are looked up in /proc");

for (const shell of linux === false ? SHELLS : []) {
  const noShell = skipUnless(
    debianProgram(shell.name, ...(shell.packages ?? [shell.name])),
    `${shell.name} not installed: apt-get install ${(shell.packages ?? [shell.name]).join(" ")}`,
  );
  const words = shell.name === "busybox" ? ["busybox", "sh"] : [shell.name];
  for (const build of programBuilds().filter(({ name }) => name !== "source")) {
    test(`the proxy of export --proxy belongs to ${shell.name}, in every form (${build.name})`, {
      skip: noShell || build.skip,
    }, async () => {
      for (const form of shell.forms) {
        await assertOwned(build, { words, script: `${form}\n${shell.hello}\n${shell.wait}\n` });
      }
    });
  }

  for (const proxy of ["runs", "is gone"] as const) {
    test(`export --unset in ${shell.name} leads back where the proxy ${proxy}, and gives all variables back`, {
      skip: noShell || (programBuilds()[0]?.skip ?? false),
    }, async () => {
      const [build] = programBuilds();
      const [form = ""] = shell.forms;
      const { server, env, azure } = scene();
      const bin = shared.bins?.get(build?.name ?? "") ?? "";
      const path = join(await mkdtemp(join(azure.folder, "script-")), "script");
      const end = proxy === "runs" ? "" : "end-proxy\n";
      await writeFile(path, `show-env\n${form}\n${shell.hello}\n${end}${shell.unset}\nshow-env\n`);
      const [program = "", ...args] = words;
      const child = spawn(program, [...args, path], {
        env: { ...env, NO_PROXY: ".corp,*.example", PATH: `${bin}:${env["PATH"]}` },
        stdio: ["ignore", "pipe", "inherit"],
      });
      let text = "";
      for await (const chunk of child.stdout) text += String(chunk);
      const lines = text.trim().split("\n");
      const at = lines.findIndex((line) => /^\d+ http:/.test(line));
      const led = lines[at]?.split(" ")[1] ?? "";
      assert.match(led, /^http:\/\/127\.0\.0\.1:\d+$/, text);
      assert.deepEqual(lines.slice(at + 1), lines.slice(0, at));
      assert.ok(lines.includes(`MLFLOW_TRACKING_URI=${server.url}`), text);
      assert.ok(lines.includes("NO_PROXY=.corp,*.example"), text);
      await assert.rejects(fetch(`${led}/-/live`));
    });
  }
}

for (const build of linux === false ? programBuilds() : []) {
  const noNpx = skipUnless(spawnSync("npx", ["--version"]).status === 0, "npx not installed: install Node");
  test(`a proxy whose export no shell evaluates lives as long as the one that asked (${build.name})`, {
    skip: build.skip,
  }, async () => {
    const asked = "mlflow-auth export --proxy >not-evaluated";
    const said = `sh -c '. ./not-evaluated; echo "$1 $MLFLOW_TRACKING_URI $MLFLOW_TRACKING_TOKEN"' said $$`;
    await assertOwned(build, { words: ["sh"], script: [asked, said, POSIX.wait, ""].join("\n") });
  });
  test(`through npx the proxy belongs to the shell that called npx (${build.name})`, {
    skip: noNpx || build.skip,
  }, async () => {
    for (const form of POSIX.forms.slice(0, 4)) {
      const script = `${
        form.replaceAll("mlflow-auth", "npx --no-install mlflow-auth")
      }\n${POSIX.hello}\n${POSIX.wait}\n`;
      await assertOwned(build, { words: ["bash"], script });
    }
  });

  test(`a program that reads the JSON has the proxy (${build.name})`, { skip: build.skip || noPython }, async () => {
    const script = [
      "import json, os, subprocess, sys",
      'asked = subprocess.run(["mlflow-auth", "export", "--proxy", "--format", "json"], check=True, stdout=subprocess.PIPE)',
      "got = json.loads(asked.stdout)",
      'print(os.getpid(), got["MLFLOW_TRACKING_URI"], got["MLFLOW_TRACKING_TOKEN"], flush=True)',
      "sys.stdin.readline()",
      "",
    ].join("\n");
    await assertOwned(build, { words: ["python3"], script });
  });
}
