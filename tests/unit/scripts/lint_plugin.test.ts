import assert from "node:assert/strict";
import { test } from "node:test";

// Deno alone can run its lint plugins, and its types say so; Bun and Node skip this file.
const lint = "Deno" in globalThis ? Deno.lint : undefined;
const skip = lint === undefined ? "needs Deno's linter" : false;

interface Case {
  readonly rule: string;
  readonly path: string;
  readonly source: string;
  /** What is reported; empty for source that is as it should be. */
  readonly says: readonly string[];
}

const ROOT = new URL("../../../", import.meta.url);

/** A real file, as circles are looked for on disk. */
const CORE_SECRET = "src/core/secret.ts";
const HTTP = "src/azure/http/http.ts";

const CASES: readonly Case[] = [
  // One way from main to core.
  { rule: "layers", path: "src/cli/run.ts", source: `import { a } from "../doctor/a.ts";`, says: [] },
  { rule: "layers", path: "src/main.ts", source: `import { a } from "./host/a.ts";`, says: [] },
  { rule: "layers", path: "src/main.ts", source: `import c from "../deno.json" with { type: "json" };`, says: [] },
  { rule: "layers", path: "src/cli/a.ts", source: `import c from "../../deno.json" with { type: "json" };`, says: [] },
  { rule: "layers", path: "src/core/a.ts", source: `import { b } from "./b.ts";`, says: [] },
  { rule: "layers", path: "src/core/a.ts", source: `import { b } from "npm:b";`, says: [] },
  {
    rule: "layers",
    path: HTTP,
    source: `import type { C } from "../../credential/parse.ts";`,
    says: ["azure must not import credential"],
  },
  {
    rule: "layers",
    path: "src/core/a.ts",
    source: `export * from "../azure/http/http.ts";`,
    says: ["core must not import azure"],
  },
  {
    rule: "layers",
    path: "src/cli/run.ts",
    source: `const { makeHost } = await import("../host/host.ts");`,
    says: ["cli must not import host"],
  },
  {
    rule: "layers",
    path: "src/shell/formats/sh.ts",
    source: `import { a } from "../../doctor/a.ts";`,
    says: ["shell must not import doctor"],
  },
  { rule: "layers", path: "mod.ts", source: `export { a } from "./src/cli/a.ts";`, says: ["mod must not import cli"] },
  {
    rule: "layers",
    path: "src/cli/run.ts",
    source: `import { bundle } from "../../scripts/build.ts";`,
    says: ["src/cli/run.ts imports ../../scripts/build.ts, which is not in src"],
  },

  // No circle: a file that is read while it is linted, as every file is, leads back here by way of its own imports.
  {
    rule: "circles",
    path: CORE_SECRET,
    source: `import type { Changes } from "./host.ts";`,
    says: ["these files import each other: src/core/secret.ts -> src/core/host.ts -> src/core/secret.ts"],
  },
  { rule: "circles", path: CORE_SECRET, source: `import { nearest } from "./nearest.ts";`, says: [] },

  // The SDK comes in when it is needed.
  { rule: "sdk-import", path: HTTP, source: `import type { A } from "@azure/identity";`, says: [] },
  { rule: "sdk-import", path: HTTP, source: `const a = () => import("@azure/identity");`, says: [] },
  { rule: "sdk-import", path: "src/azure/sdk/a.ts", source: `export { A } from "@azure/identity";`, says: [] },
  {
    rule: "sdk-import",
    path: HTTP,
    source: `import { A } from "@azure/identity";`,
    says: ["@azure/identity is imported when this file is"],
  },
  {
    rule: "sdk-import",
    path: HTTP,
    source: `import { A } from "./sdk/a.ts";`,
    says: ["./sdk/a.ts is imported when this file is"],
  },

  // Only host and main.ts touch the world.
  { rule: "world", path: HTTP, source: `await host.fetch(request); host.now();`, says: [] },
  { rule: "world", path: HTTP, source: `const f = ({ fetch }: H) => fetch(request);`, says: [] },
  { rule: "world", path: HTTP, source: `const d = new Date(ms).toISOString();`, says: [] },
  { rule: "world", path: HTTP, source: `interface A { readonly fetch: typeof fetch }`, says: [] },
  { rule: "world", path: HTTP, source: `const a = { fetch: fake }; crypto.subtle;`, says: [] },
  { rule: "world", path: HTTP, source: `import { createHash } from "node:crypto";`, says: [] },
  { rule: "world", path: "src/host/host.ts", source: `Deno.exit(1); fetch("x"); Date.now();`, says: [] },
  { rule: "world", path: HTTP, source: `await fetch(request);`, says: ["fetch is the world outside"] },
  { rule: "world", path: HTTP, source: `const a = { fetch };`, says: ["fetch is the world outside"] },
  { rule: "world", path: HTTP, source: `process.env.HOME;`, says: ["process is the world outside"] },
  { rule: "world", path: HTTP, source: `Deno.env.get("HOME");`, says: ["Deno is the world outside"] },
  { rule: "world", path: HTTP, source: `console.log(1);`, says: ["console is the world outside"] },
  { rule: "world", path: HTTP, source: `setTimeout(() => 1, 2);`, says: ["setTimeout is the world outside"] },
  { rule: "world", path: HTTP, source: `Date.now();`, says: ["Date.now is the world outside"] },
  { rule: "world", path: HTTP, source: `new Date();`, says: ["new Date() is the world outside"] },
  { rule: "world", path: HTTP, source: `Math.random();`, says: ["Math.random is the world outside"] },
  { rule: "world", path: HTTP, source: `AbortSignal.timeout(1);`, says: ["AbortSignal.timeout is the world outside"] },
  { rule: "world", path: HTTP, source: `crypto.randomUUID();`, says: ["crypto.randomUUID is the world outside"] },
  { rule: "world", path: HTTP, source: `globalThis.x;`, says: ["globalThis is the world outside"] },
  { rule: "world", path: HTTP, source: `import fs from "node:fs";`, says: ["node:fs is the world outside"] },
  {
    rule: "world",
    path: HTTP,
    source: `await import("node:os");`,
    says: ["what is imported here is the world outside"],
  },

  // Shape.
  { rule: "no-double-cast", path: HTTP, source: `const a = b as A;`, says: [] },
  { rule: "no-double-cast", path: HTTP, source: `const a = b as unknown as A;`, says: ["as unknown as"] },
  { rule: "no-or-default", path: HTTP, source: `const a = b ?? 1; const c = b || d; const e = b || true;`, says: [] },
  { rule: "no-or-default", path: HTTP, source: `const a = b || 300;`, says: ["|| as a default"] },
  { rule: "no-or-default", path: HTTP, source: "a ||= `x`;", says: ["|| as a default"] },
  { rule: "no-or-default", path: HTTP, source: `const a = b || {};`, says: ["|| as a default"] },
  { rule: "max-params", path: HTTP, source: `function f(a: A, b: B, options: Options) {}`, says: [] },
  {
    rule: "max-params",
    path: HTTP,
    source: `a.reduce((b, c, at) => b, 0); const f: F = (a, b, c = 1) => 1;`,
    says: [],
  },
  {
    rule: "max-params",
    path: HTTP,
    source: `const f = (a: A, b: B, c: string) => 1;`,
    says: ["3 positional parameters"],
  },
  {
    rule: "max-params",
    path: HTTP,
    source: `class A { m(a: A, b: B, c: C, d: D) {} }`,
    says: ["4 positional parameters"],
  },
  { rule: "no-module-state", path: HTTP, source: `const a = new Set(["x"]); const f = () => 1;`, says: [] },
  { rule: "no-module-state", path: HTTP, source: `function f() { let a = 1; }`, says: [] },
  {
    rule: "no-module-state",
    path: HTTP,
    source: `export let a = 1;`,
    says: ["let at the top level is state of the module"],
  },
  {
    rule: "no-module-state",
    path: HTTP,
    source: `const a = new Map<string, string>();`,
    says: ["an empty store at the top level is state of the module"],
  },
  { rule: "no-module-state", path: HTTP, source: `start();`, says: ["a statement at the top level runs at import"] },
  { rule: "no-module-state", path: "src/main.ts", source: `start();`, says: [] },
  { rule: "readonly-members", path: HTTP, source: `interface A { readonly b: string }`, says: [] },
  { rule: "readonly-members", path: HTTP, source: `interface A { b: string }`, says: ["a member that may change"] },
  { rule: "export-doc", path: HTTP, source: `/** Says a. */\nexport const a = 1;\nexport { b };`, says: [] },
  {
    rule: "export-doc",
    path: HTTP,
    source: `// Says a.\nexport const a = 1;`,
    says: ["an export without a doc comment"],
  },

  // Errors.
  {
    rule: "error-message",
    path: HTTP,
    source:
      "new AuthError('usage', { message: `Cannot read secret \"${name}\": value is empty`, remedy: `set ${name}` });",
    says: [],
  },
  {
    rule: "error-message",
    path: HTTP,
    source: "new AuthError('usage', { message: 'Invalid secret', remedy });",
    says: ['a message begins with "Cannot "'],
  },
  {
    rule: "error-message",
    path: HTTP,
    source: "new AuthError('usage', { message: `Cannot read \"${name}\".`, remedy: 'set it.' });",
    says: ["a message has no final period", "a remedy has no final period"],
  },
  {
    rule: "error-message",
    path: HTTP,
    source: "const row = { remedy: (name) => `unset ${name}; or correct it` };",
    says: ["a remedy that begins with a command holds nothing else: words, a colon, the command"],
  },
  {
    rule: "error-message",
    path: HTTP,
    source: "const rows = [{ remedy: `correct it, or: unset ${name}` }, { remedy: 'unset A; export B=1' }];",
    says: [],
  },
  {
    rule: "error-message",
    path: HTTP,
    source: "new AuthError('usage', { message: ok ? 'Cannot a' : `Cannot ${a}: it doesn't ${b} work`, remedy });",
    says: ["a message has no contraction"],
  },
  {
    rule: "error-message",
    path: HTTP,
    source: "new AuthError('usage', { message: `Cannot use ${secret.reveal()}`, remedy: '' });",
    says: ["a remedy must not be empty", ".reveal() in an error: it would show a secret or a body"],
  },

  // Tests.
  { rule: "test-name", path: "tests/unit/a.test.ts", source: `test("f() does what", () => {});`, says: [] },
  {
    rule: "test-name",
    path: "tests/unit/a.test.ts",
    source: `test("works", () => {});`,
    says: ["a test's name says what is tested and what it does: `formatSh() keeps a space`"],
  },
  {
    rule: "test-name",
    path: "tests/unit/a.test.ts",
    source: `test.skip("f() should do what", () => {});`,
    says: ["a test's name says what is so, without should"],
  },
  {
    rule: "test-name",
    path: "tests/unit/a.test.ts",
    source: `test("f() does what", (t) => t.skip("no"));`,
    says: ["a test that skips itself counts as passed"],
  },
  { rule: "no-global-assign", path: "tests/unit/a.test.ts", source: `host.fetch = fake; a.process = b;`, says: [] },
  {
    rule: "no-global-assign",
    path: "tests/unit/a.test.ts",
    source: `globalThis.fetch = fake;`,
    says: ["a test that replaces a global"],
  },
  {
    rule: "no-global-assign",
    path: "tests/unit/a.test.ts",
    source: `Deno.env.set("A", "b"); delete process.env.A;`,
    says: ["a test that replaces a global", "a test that replaces a global"],
  },
];

for (const { rule, path, source, says } of CASES) {
  test(`${rule} ${says.length === 0 ? "accepts" : "refuses"} ${source.replaceAll("\n", " ")} in ${path}`, {
    skip,
  }, async () => {
    const { default: plugin } = await import("../../../scripts/lint_plugin.ts");
    const alone = { ...plugin, rules: { [rule]: plugin.rules[rule]! } };
    const found = lint?.runPlugin(alone, new URL(path, ROOT).pathname, source) ?? [];
    assert.deepEqual(found.map(({ message }) => message), says);
  });
}

test("lint plugin has a case that is refused for every rule", { skip }, async () => {
  const { default: plugin } = await import("../../../scripts/lint_plugin.ts");
  const refused = new Set(CASES.filter(({ says }) => says.length > 0).map(({ rule }) => rule));
  assert.deepEqual(Object.keys(plugin.rules).filter((rule) => !refused.has(rule)), []);
});
