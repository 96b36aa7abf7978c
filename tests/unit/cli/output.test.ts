import assert from "node:assert/strict";
import { test } from "node:test";
import { print, tell } from "../../../src/cli/output.ts";
import type { Sink } from "../../../src/core/host.ts";

const failing = (code: string): Sink => ({
  write: () => Promise.reject(Object.assign(new Error("canary"), { code })),
  isTerminal: () => false,
  isLost: () => false,
  columns: () => 80,
});

test("print() names the system's reason", async () => {
  await assert.rejects(print({ stdout: failing("ENOSPC") }, "x"), {
    code: "output-failed",
    message: 'Cannot write to "standard output": ENOSPC',
  });
});

test("print() leaves EPIPE as it is, which is no failure of ours", async () => {
  await assert.rejects(print({ stdout: failing("EPIPE") }, "x"), { code: "EPIPE" });
});

test("tell() does not mind a closed stderr", () => tell({ stderr: failing("EBADF") }, "x"));
