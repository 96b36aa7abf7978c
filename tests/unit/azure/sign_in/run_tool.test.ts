import assert from "node:assert/strict";
import { test } from "node:test";
import { type ExecFile, runOf, runTool } from "../../../../src/azure/sign_in/run_tool.ts";

const failed = (parts: object): Error => Object.assign(new Error("failed"), parts);
const { signal } = new AbortController();
const START = { programs: ["pwsh", "powershell"], args: ["-x"], timeoutMs: 13_000, signal, cwd: "/bin" };

test("runOf() tells a status, a signal, a program that is too slow and one that the system does not start apart", () => {
  const output = { stdout: "out", stderr: "err" };
  assert.deepEqual([
    runOf(failed({ code: 3, signal: null, killed: false, ...output }), 1000),
    runOf(failed({ code: null, signal: "SIGKILL", killed: false, ...output }), 1000),
    runOf(failed({ code: null, signal: "SIGTERM", killed: true, ...output }), 1000),
    runOf(failed({ code: "ENOENT", killed: false }), 1000),
    runOf(failed({ code: "ENOEXEC" }), 1000),
    runOf(failed({ code: "ERR_CHILD_PROCESS_STDIO_MAXBUFFER" }), 1000),
    runOf(failed({ name: "ProcessError", code: null, signal: null, killed: false }), 1000),
    runOf(new TypeError("of ours"), 1000),
    runOf("text", 1000),
  ], [
    { is: "ended", status: 3, ...output },
    { is: "ended", status: "SIGKILL", ...output },
    { is: "late", afterMs: 1000 },
    { is: "not-started", code: "ENOENT" },
    { is: "not-started", code: "ENOEXEC" },
    { is: "flooding" },
    { is: "not-started", code: "unknown" },
    undefined,
    undefined,
  ]);
});

test("runTool() starts the next name only where the first is not there", async () => {
  const asked: string[] = [];
  const onlyWindows: ExecFile = (program) => {
    asked.push(program);
    return program === "pwsh"
      ? Promise.reject(failed({ code: "ENOENT" }))
      : Promise.resolve({ stdout: "o", stderr: "" });
  };
  assert.deepEqual(await runTool(START, onlyWindows), { is: "ended", status: 0, stdout: "o", stderr: "" });
  assert.deepEqual(asked, ["pwsh", "powershell"]);
  const refusing: ExecFile = (program) => {
    asked.push(program);
    return Promise.reject(failed({ code: 1, stdout: "", stderr: "no" }));
  };
  assert.deepEqual(await runTool(START, refusing), { is: "ended", status: 1, stdout: "", stderr: "no" });
  assert.deepEqual(asked, ["pwsh", "powershell", "pwsh"]);
});

test("runTool() says nothing of a tool that we ended ourselves", async () => {
  const done = new AbortController();
  done.abort("done");
  const ended = failed({ code: "ABORT_ERR" });
  await assert.rejects(
    runTool({ ...START, signal: done.signal }, () => Promise.reject(ended)),
    (error) => error === ended,
  );
});

test("runTool() has a tool ended by a signal that it cannot ignore", async () => {
  let given: unknown;
  const ask: ExecFile = (_program, _args, { killSignal }) => {
    given = killSignal;
    return Promise.resolve({ stdout: "", stderr: "" });
  };
  await runTool(START, ask);
  assert.equal(given, "SIGKILL");
});
