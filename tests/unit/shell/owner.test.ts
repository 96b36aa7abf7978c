import assert from "node:assert/strict";
import { test } from "node:test";
import type { Ancestor } from "../../../src/core/host.ts";
import { findOwner } from "../../../src/shell/owner.ts";

const ids = { next: 100 };
const started = (exe: string, ...argv: readonly string[]): Ancestor => {
  const pid = ids.next++;
  return { pid, exe, argv, comm: argv[0] ?? "", layout: `of ${pid}` };
};
const copyOf = (original: Ancestor): Ancestor => ({ ...original, pid: ids.next++ });
const owner = (ancestors: readonly Ancestor[], env = {}) => findOwner({ env, ancestors })?.pid;

const terminal = started("/usr/bin/xterm", "xterm");
const bash = started("/bin/bash", "-bash");

test("findOwner() takes the calling shell", () => {
  assert.equal(owner([bash, terminal]), bash.pid);
});

test("findOwner() takes no copy that the shell makes of itself for a substitution, however deep", () => {
  const substitution = copyOf(bash);
  assert.equal(owner([copyOf(substitution), substitution, bash, terminal]), bash.pid);
});

test("findOwner() takes a shell that was started in the same way in another for what it is", () => {
  const inner = started("/bin/bash", "-bash");
  assert.equal(owner([inner, bash, terminal]), inner.pid);
});

test("findOwner() takes the nearest shell where the system tells nothing of its memory", () => {
  const silent = { ...bash, layout: "" };
  assert.equal(owner([{ ...silent, pid: 5 }, silent]), 5);
});

test("findOwner() passes over what merely starts others, npx and its shell among it", () => {
  const timeout = started("/usr/bin/timeout", "timeout", "9", "mlflow-auth", "export");
  const sudo = started("/usr/bin/sudo", "sudo", "-E", "mlflow-auth", "export");
  assert.equal(owner([timeout, sudo, bash, terminal]), bash.pid);
  const npx = started("/usr/bin/node", "npm exec mlflow-auth export");
  const shell = started("/bin/sh", "sh", "-c", "mlflow-auth export");
  const shim = started("/usr/bin/node", "node", "/home/ada/.npm/_npx/1/node_modules/.bin/mlflow-auth", "export");
  assert.equal(owner([shim, shell, npx, copyOf(bash), bash], { npm_command: "exec" }), bash.pid);
});

test("findOwner() takes a program of a runtime, which reads the output itself", () => {
  const notebook = started("/usr/bin/python3.12", "python", "-m", "ipykernel_launcher");
  const server = started("/usr/bin/node", "node", "server.js");
  const xonsh = started("/usr/bin/python3", "python3", "/usr/bin/xonsh");
  assert.deepEqual([notebook, server, xonsh].map((one) => owner([one, bash]) === one.pid), [true, true, true]);
});

test("findOwner() finds none where only launchers are known", () => {
  assert.equal(owner([started("/usr/bin/env", "env", "mlflow-auth")]), undefined);
  assert.equal(owner([]), undefined);
});
