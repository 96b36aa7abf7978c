import assert from "node:assert/strict";
import { test } from "node:test";
import { planEnd, planSignals, spawnFailure } from "../../../../src/host/exec/spawn_plan.ts";

const ALWAYS = ["SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGURG", "SIGIO", "SIGXCPU"];

test("planSignals() swallows what a terminal sends to the child as well", () => {
  assert.deepEqual(planSignals({ windows: false, terminal: true }), {
    forward: ALWAYS,
    swallow: ["SIGINT", "SIGQUIT"],
  });
});

test("planSignals() forwards everything where there is no terminal", () => {
  assert.deepEqual(planSignals({ windows: false, terminal: false }), {
    forward: [...ALWAYS, "SIGINT", "SIGQUIT", "SIGWINCH"],
    swallow: [],
  });
});

test("planSignals() ignores Ctrl-C and Ctrl-Break on Windows", () => {
  const plan = { forward: [], swallow: ["SIGINT", "SIGBREAK"] };
  assert.deepEqual(planSignals({ windows: true, terminal: true }), plan);
});

test("planEnd() passes a status on, those of Windows too", () => {
  const ends = [0, 3, 255, 0xc000013a].map((code) => planEnd({ code, signal: null, number: undefined }, 100));
  assert.deepEqual(ends, [0, 3, 255, 0xc000013a].map((status) => ({ dieBy: undefined, status })));
});

test("planEnd() dies by the child's signal, but not by a fault, nor as process 1", () => {
  assert.deepEqual(
    [
      planEnd({ code: null, signal: "SIGTERM", number: 15 }, 100),
      planEnd({ code: null, signal: "SIGSEGV", number: 11 }, 100),
      planEnd({ code: null, signal: "SIGTERM", number: 15 }, 1),
    ],
    [
      { dieBy: "SIGTERM", status: 143 },
      { dieBy: undefined, status: 139 },
      { dieBy: undefined, status: 143 },
    ],
  );
});

test("spawnFailure() reads the failures of each runtime", () => {
  const error = (message: string, rest: object = {}) => Object.assign(new Error(message), rest);
  assert.deepEqual(
    [
      error("spawn x ENOENT", { code: "ENOENT" }),
      error("Failed to spawn 'x': No such file or directory (os error 2)", { name: "NotFound" }),
      error("Failed to spawn 'x': cannot find binary path: no path to search"),
      error("spawn x EACCES", { code: "EACCES" }),
      error("Failed to spawn 'x': Permission denied (os error 13)", { name: "PermissionDenied" }),
      error("spawn x E2BIG", { code: "E2BIG" }),
      error("Failed to spawn 'x': Exec format error (os error 8)"),
      error("spawn x EMFILE", { code: "EMFILE" }),
    ].map(spawnFailure),
    [
      { kind: "not-found", reason: "not found" },
      { kind: "not-found", reason: "not found" },
      { kind: "not-found", reason: "not found" },
      { kind: "not-runnable", reason: "permission denied" },
      { kind: "not-runnable", reason: "permission denied" },
      { kind: "too-large", reason: "argument list too long" },
      { kind: "not-runnable", reason: "exec format error" },
      { kind: "not-runnable", reason: "it could not be started (EMFILE)" },
    ],
  );
});
