import assert from "node:assert/strict";
import { test } from "node:test";
import { runtimeOf, targetOf } from "../../../src/host/build.ts";

test("runtimeOf() tells Bun from Deno by the versions that each names", () => {
  assert.deepEqual([runtimeOf({ bun: "1.4.5", node: "24" }), runtimeOf({ deno: "2.9.6", node: "24" })], [
    "bun",
    "deno",
  ]);
});

test("targetOf() names platforms as releases do", () => {
  assert.deepEqual(
    [targetOf("x64", "linux"), targetOf("arm64", "darwin"), targetOf("x64", "win32"), targetOf("riscv64", "freebsd")],
    ["x86_64-unknown-linux-gnu", "aarch64-apple-darwin", "x86_64-pc-windows-msvc", "riscv64-freebsd"],
  );
  assert.equal(targetOf("arm64", "linux", { libc: "musl" }), "aarch64-unknown-linux-musl");
});
