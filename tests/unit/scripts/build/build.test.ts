import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { DENO_VERSION, ROOT } from "../../../../scripts/build/build.ts";

test("DENO_VERSION is what CI, releases and every page run", () => {
  const below = (folder: string, ending: string): readonly string[] =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(ending)).map((name) => join(folder, name));
  const pages = ["README.md", "CONTRIBUTING.md", ".ci/run", ...below(".github", ".yml"), ...below("docs", ".md")];
  const named = pages.flatMap((path) =>
    [...readFileSync(join(ROOT, path), "utf8").matchAll(/\bdeno@(\d[\d.]*\d)/g)].map(([, version]) => ({
      path,
      version,
    }))
  );
  assert.deepEqual(named.filter(({ version }) => version !== DENO_VERSION), []);
  for (const path of [".ci/run", ".github/workflows/ci.yml", ".github/workflows/release.yml", "README.md"]) {
    assert.ok(named.some((one) => one.path === path), `${path} names no version`);
  }
});
