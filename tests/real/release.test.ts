import "../support/guard.ts";
import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { sha256 } from "../../scripts/release/packed_file.ts";
import { copyClone } from "../support/clone.ts";
import { skipUnless } from "../support/skip.ts";
import { which } from "./shells/run.ts";

const skip = skipUnless(
  process.platform !== "win32" && which("git") !== undefined,
  "git is not there: apt-get install git",
);

/** A clone with one commit, and a way to release from it. */
interface Clone extends AsyncDisposable {
  readonly path: string;
  readonly git: (...args: readonly string[]) => string;
  /** Releases a small program into a folder; gives the folder of the release, or what it was refused with. */
  readonly release: (out: string, options?: { readonly testsPass: boolean }) => Promise<string>;
}

/** Writes a program that releases, with tests that pass or fail at once and a program that takes no time to build. */
const driverOf = (path: string): string => `
import { release } from ${JSON.stringify(pathToFileURL(join(path, "scripts/release.ts")).href)};
import { PLATFORMS } from ${JSON.stringify(pathToFileURL(join(path, "scripts/release/platforms.ts")).href)};
const [out, tests] = Deno.args;
const bytes = new TextEncoder().encode("GLIBC_2.27");
const programs = [{ platform: PLATFORMS[0], runtime: { name: "deno", version: "2.9.6" }, bytes }];
try {
  const folder = await release({
    out,
    repository: "me/mlflow-auth",
    runTests: () => Promise.resolve(tests === "pass"),
    makePrograms: () => Promise.resolve({ programs, missing: [] }),
    say: () => {},
  });
  console.log(folder);
} catch (error) {
  console.log(error.message);
}
`;

async function makeClone(): Promise<Clone> {
  const path = await mkdtemp(join(tmpdir(), "mlflow-auth-clone-"));
  const git = copyClone(path);
  const driver = join(path, ".git", "driver.ts");
  writeFileSync(driver, driverOf(path));
  return {
    path,
    git,
    release: async (out, { testsPass } = { testsPass: true }) => {
      const args = ["run", "--quiet", "--no-check", "-A", driver, out, testsPass ? "pass" : "fail"];
      const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: path }).output();
      const said = new TextDecoder().decode(stdout).trim();
      return said === "" ? new TextDecoder().decode(stderr) : said;
    },
    [Symbol.asyncDispose]: () => Promise.resolve(rmSync(path, { recursive: true, force: true })),
  };
}

test("release() refuses without a heading, on a dirty tree and when a test fails; then it gives the same bytes twice", {
  skip,
}, async (t) => {
  await using clone = await makeClone();
  const { version } = JSON.parse(readFileSync(join(clone.path, "deno.json"), "utf8")) as { readonly version: string };
  const changelog = join(clone.path, "CHANGELOG.md");
  const commit = (): string => clone.git("add", "--all") + clone.git("commit", "--quiet", "--message", "x");
  const out = join(clone.path, ".git", "release");

  writeFileSync(changelog, "# Changelog\n\n## Unreleased\n\n- Added x.\n");
  commit();
  const cannot = `Cannot release version "${version}":`;
  assert.equal(await clone.release(out), `${cannot} CHANGELOG.md has no heading for it`);

  writeFileSync(changelog, `# Changelog\n\n## ${version}\n\n- Added x.\n`);
  assert.equal(await clone.release(out), `${cannot} "CHANGELOG.md" differs from the commit`);

  commit();
  writeFileSync(join(clone.path, "new.txt"), "");
  assert.equal(await clone.release(out), `${cannot} "new.txt" differs from the commit`);
  rmSync(join(clone.path, "new.txt"));

  assert.equal(await clone.release(out, { testsPass: false }), `${cannot} a test failed`);

  const folder = await clone.release(out);
  assert.equal(folder, join(out, `v${version}`));
  const again = await clone.release(`${out}-again`);
  const hashes = (path: string): Readonly<Record<string, string>> =>
    Object.fromEntries(readdirSync(path).sort().map((name) => [name, sha256(readFileSync(join(path, name)))]));
  assert.deepEqual(hashes(again), hashes(folder));
  assert.ok(Object.keys(hashes(folder)).length >= 10);

  await t.test("its bill of materials names the packages in the program, at the versions of deno.lock", () => {
    const { packages } = JSON.parse(readFileSync(join(folder, "mlflow-auth.spdx.json"), "utf8")) as {
      readonly packages: readonly Readonly<Record<string, string>>[];
    };
    const npm = packages.filter(({ SPDXID }) => SPDXID?.startsWith("SPDXRef-npm-"));
    const named = npm.map(({ name, versionInfo }) => `${name}@${versionInfo}`);
    const { npm: locked } = JSON.parse(readFileSync(join(clone.path, "deno.lock"), "utf8"));
    assert.deepEqual(named.filter((one) => !Object.keys(locked).some((key) => key.split("_")[0] === one)), []);
    assert.ok(npm.some(({ name }) => name === "@azure/identity") && npm.some(({ name }) => name === "commander"));
    // What only the tests use is not inside.
    assert.deepEqual(npm.filter(({ name }) => name === "@peculiar/x509"), []);
    assert.deepEqual(npm.filter(({ licenseDeclared }) => licenseDeclared === "NOASSERTION"), []);
    assert.deepEqual(npm.filter((one) => !("checksums" in one)), []);
  });
});
