import assert from "node:assert/strict";
import { test } from "node:test";
import { loudRuntime } from "../../../src/cli/loud_runtime.ts";
import { fakeHost } from "../../support/host.ts";

const ENV = {
  BUN_CONFIG_VERBOSE_FETCH: "curl",
  DENO_AUDIT_PERMISSIONS: "/tmp/audit",
  DENO_COVERAGE_DIR: "/tmp/coverage",
  DENO_V8_FLAGS: "--prof",
  NODE_OPTIONS: "--no-warnings --require /tmp/x.cjs",
  OTEL_DENO: "true",
  SSLKEYLOGFILE: "/tmp/keys",
};

function named(runs: { readonly runtime: "deno" | "bun"; readonly compiled: boolean }, env: object = ENV) {
  const problems = loudRuntime({ build: { ...fakeHost().build, ...runs }, env: { ...env } });
  return problems.map(({ code, message }) => `${code} ${/"(\w+)"/.exec(message)?.[1]}`);
}

test("loudRuntime() refuses what Bun obeys, also where it is compiled", () => {
  for (const compiled of [true, false]) {
    assert.deepEqual(named({ runtime: "bun", compiled }), ["setting-conflict BUN_CONFIG_VERBOSE_FETCH"]);
  }
});

test("loudRuntime() refuses what Deno obeys where the program runs from source, and nothing where it is compiled", () => {
  assert.deepEqual(named({ runtime: "deno", compiled: true }), []);
  const names = [
    "DENO_AUDIT_PERMISSIONS",
    "DENO_COVERAGE_DIR",
    "DENO_V8_FLAGS",
    "NODE_OPTIONS",
    "OTEL_DENO",
    "SSLKEYLOGFILE",
  ];
  assert.deepEqual(named({ runtime: "deno", compiled: false }), names.map((name) => `setting-conflict ${name}`));
});

test("loudRuntime() lets values pass that ask for nothing", () => {
  const quiet = { DENO_V8_FLAGS: "", NODE_OPTIONS: "--no-warnings --max-old-space-size=100", OTEL_DENO: "false" };
  assert.deepEqual(named({ runtime: "deno", compiled: false }, quiet), []);
  assert.deepEqual(named({ runtime: "bun", compiled: true }, { BUN_CONFIG_VERBOSE_FETCH: "0" }), []);
});
