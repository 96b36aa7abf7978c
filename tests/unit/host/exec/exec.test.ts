import assert from "node:assert/strict";
import { test } from "node:test";
import { becomeCommand, replaceProcess } from "../../../../src/host/exec/exec.ts";
import { Secret } from "../../../../src/core/secret.ts";
import type { Native } from "../../../../src/host/native/native.ts";
import type { Start } from "../../../../src/host/exec/start.ts";
import { fakeHost } from "../../../support/host.ts";

const ENVIRON_AT = 0x5000n;
const encode = (text: string) => new TextEncoder().encode(text);

/** The strings at the beginning of a block, up to its array of addresses. */
function stringsIn(block: unknown, count: number): readonly string[] {
  return block instanceof Uint8Array ? new TextDecoder().decode(block).split("\0").slice(0, count) : [];
}

/** A C library in which every command fails with one error, and what was done with it. */
function failing(errno: number, count: number) {
  const done: string[] = [];
  const memory = { environ: 1n };
  const functions: Readonly<Record<string, (...values: readonly unknown[]) => bigint | number>> = {
    dlsym: () => ENVIRON_AT,
    __errno_location: () => 0x6000n,
    memcpy: (into, from) => {
      if (into instanceof Uint8Array) {
        into.set(new Uint8Array(BigUint64Array.of(from === ENVIRON_AT ? memory.environ : BigInt(errno)).buffer));
      }
      return 0n;
    },
    memmove: (_to, from) => {
      if (from instanceof Uint8Array) memory.environ = new DataView(from.buffer).getBigUint64(0, true);
      done.push(memory.environ === 1n ? "environ back" : "environ new");
      return 0n;
    },
    signal: (signal, handler) => (done.push(`signal ${signal} ${handler}`), 0n),
    sigaction: () => 0,
    fcntl: () => 0,
    execvp: (block) => (done.push(`execvp ${stringsIn(block, count)}`), -1),
    execve: (block) => (done.push(`execve ${stringsIn(block, count + 1)}`), -1),
  };
  const load: Native["load"] = (signatures) =>
    Object.fromEntries(Object.keys(signatures).map((name) => [name, functions[name]])) as ReturnType<Native["load"]>;
  return { native: { load, address: () => 0x10000n, darwin: false }, done };
}

function started(native: Native): Start {
  const files = { read: () => undefined, link: () => undefined, exists: (path: string) => path === "/b/tool" };
  const nothing = { ignored: [], stdioFlags: [0, 0, 0], terminals: [], descriptors: [], taken: [], bun: false };
  return { native, files, entries: [encode("PATH=/a:/b"), encode("A=1")], ...nothing };
}

const NO_CHANGES = { set: [], remove: [] };

test("replaceProcess() puts everything back where the command cannot be run", () => {
  const { native, done } = failing(2, 2);
  const failure = replaceProcess(started(native), { argv: ["none", "x"], changes: NO_CHANGES, raisesFileLimit: false });
  assert.deepEqual({ failure, done }, {
    failure: { kind: "not-found", reason: "not found in PATH" },
    done: ["signal 13 0", "environ new", "execvp none,x", "environ back", "signal 13 1"],
  });
});

test("replaceProcess() runs a script without #! by /bin/sh where the C library does not", () => {
  const { native, done } = failing(8, 2);
  const failure = replaceProcess(started(native), { argv: ["tool", "x"], changes: NO_CHANGES, raisesFileLimit: false });
  assert.deepEqual({ failure, done }, {
    failure: { kind: "not-runnable", reason: "exec format error" },
    done: [
      "signal 13 0",
      "environ new",
      "execvp tool,x",
      "execve /bin/sh,/b/tool,x",
      "environ back",
      "signal 13 1",
    ],
  });
});

test("replaceProcess() does not start what holds a NUL byte", () => {
  const { native, done } = failing(2, 1);
  const changes = { set: [["T", "a\0b"]], remove: [] } as const;
  const failure = replaceProcess(started(native), { argv: ["tool"], changes, raisesFileLimit: false });
  assert.deepEqual({ failure, done }, {
    failure: { kind: "not-runnable", reason: "an argument or a variable holds a NUL byte" },
    done: [],
  });
});

test("becomeCommand() gives the command the values of secrets, in an environment laid out before its arguments", async () => {
  const { native } = failing(2, 1);
  const blocks: Uint8Array[] = [];
  const address: Native["address"] = (block) => (blocks.push(block), 0x10000n);
  const changes = { set: [["T", new Secret("canary")]] as const, remove: ["A"] };
  const { build, env } = fakeHost();
  const start = started({ ...native, address });
  const origin = { start, build: { ...build, compiled: true }, env, platform: "linux" };
  const failure = await becomeCommand(origin, { argv: ["none"], changes });
  assert.deepEqual(failure, { kind: "not-found", reason: "not found in PATH" });
  assert.deepEqual(blocks.map((block) => stringsIn(block, 2)), [["PATH=/a:/b", "T=canary"], ["none", ""]]);
});
