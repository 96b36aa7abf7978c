/**
 * Makes every file of a release: `deno task release`.
 *
 * @module
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BuildError, ROOT, TARGETS } from "./build/build.ts";
import { runScript } from "./build/run_script.ts";
import { buildPrograms, type Built, takePrograms } from "./release/build_programs.ts";
import { bundledPackages } from "./release/bundled_packages.ts";
import { packRelease, type Sources } from "./release/pack_release.ts";
import { sha256 } from "./release/packed_file.ts";
import { changesOf, refusals } from "./release/refusals.ts";
import type { ReleaseFacts } from "./release/release_facts.ts";
import { releaseNotes } from "./release/release_notes.ts";

const read = (path: string): Promise<string> => Deno.readTextFile(join(ROOT, path));

/** What git prints. */
async function git(...args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("git", { args: ["-C", ROOT, ...args] }).output();
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  if (!success) {
    throw new BuildError(`Cannot run "git ${args.join(" ")}": ${text(stderr).trim()}`, "release from a clone");
  }
  return text(stdout);
}

/** `OWNER/REPO`, from the option, the workflow or the clone. */
async function repositoryOf(wanted: string | undefined): Promise<string> {
  const known = wanted ?? Deno.env.get("GITHUB_REPOSITORY");
  const origin = known === undefined ? await git("remote", "get-url", "origin").catch(() => "") : "";
  const found = known ?? /github\.com[:/]([^/\s]+\/[^/\s]+?)(?:\.git)?\s*$/.exec(origin)?.[1] ?? "";
  if (/^[\w.-]+\/[\w.-]+$/.test(found)) return found;
  throw new BuildError(`Cannot name the repository "${found}": it is not OWNER/REPO`, "give --repository OWNER/REPO");
}

/** How a release is made. */
export interface ReleaseOptions {
  /** Folder for the release's own folder, `v<version>`. */
  readonly out: string;
  readonly repository?: string | undefined;
  /** Whether every test passes. */
  readonly runTests: () => Promise<boolean>;
  readonly makePrograms: () => Promise<Built>;
  readonly say: (line: string) => void;
}

/** What a release says of itself, once nothing speaks against it. */
async function factsOf(repository: string | undefined): Promise<ReleaseFacts & { readonly changes: string }> {
  const { version } = JSON.parse(await read("deno.json")) as { readonly version: string };
  const changelog = await read("CHANGELOG.md");
  const [refusal] = refusals({ version, changelog, changes: await git("status", "--porcelain") });
  if (refusal !== undefined) throw new BuildError(refusal.message, refusal.remedy);
  const seconds = Number(await git("log", "-1", "--format=%ct"));
  return {
    version,
    repository: await repositoryOf(repository),
    committedAt: new Date(seconds * 1000).toISOString().replace(".000Z", "Z"),
    license: await read("LICENSE"),
    changes: changesOf(version, changelog) ?? "",
  };
}

async function sourcesOf(): Promise<Sources> {
  return {
    launcher: await read("packaging/npm/mlflow-auth.mjs"),
    installers: { "install.sh": await read("install.sh"), "install.ps1": await read("install.ps1") },
    dockerfile: await read("Dockerfile"),
    actionSums: await read("action/sha256sums.json"),
    packages: await bundledPackages(),
    runtimeNotices: { deno: await read("packaging/notices/deno.txt"), bun: await read("packaging/notices/bun.txt") },
  };
}

/**
 * Makes every file of a release, once its version has a heading in the changelog, nothing differs from the commit, and every test passes.
 *
 * @param options where to, and what it is made of
 * @returns path of its folder; the folder above can be given as `MLFLOW_AUTH_RELEASES_URL`
 * @throws BuildError with the remedy, where it cannot be made
 */
export async function release({ out, repository, runTests, makePrograms, say }: ReleaseOptions): Promise<string> {
  const facts = await factsOf(repository);
  if (!await runTests()) {
    throw new BuildError(`Cannot release version "${facts.version}": a test failed`, "run deno task test");
  }
  const { programs, missing } = await makePrograms();
  for (const { message } of missing) say(`left out: ${message}`);
  const folder = join(out, `v${facts.version}`);
  mkdirSync(folder, { recursive: true });
  for (const { path, bytes } of packRelease(programs, facts, await sourcesOf())) {
    writeFileSync(join(folder, path), bytes);
    say(`${sha256(bytes)}  ${path}  ${(bytes.length / 1024 / 1024).toFixed(1)} MB`);
  }
  writeFileSync(join(folder, "notes.md"), releaseNotes(facts, facts.changes));
  return folder;
}

const USAGE = `Make every file of a release in dist/release/v<version>.

Usage:
    deno task release [--out <folder>] [--target <target>]... [--programs <folder>] [--tested] [--repository <owner/repo>]

Options:
    --out <folder>              where the release's folder goes; by default dist/release
    --target <target>           build this one or fail; by default every one whose runtime can be had:
                                ${TARGETS.join("\n                                ")}
    --programs <folder>         take the programs from <folder>/<target>/mlflow-auth[.exe] instead of building them
    --tested                    every test has passed, as in a job before this one that may sign nothing
    --repository <owner/repo>   by default the one of the workflow, or of the clone
`;

async function runTests(): Promise<boolean> {
  const { success } = await new Deno.Command(Deno.execPath(), { args: ["task", "test"], cwd: ROOT }).spawn().status;
  return success;
}

if (import.meta.main) {
  const options = {
    out: { type: "string" },
    programs: { type: "string" },
    repository: { type: "string" },
    target: { type: "string", multiple: true },
    tested: { type: "boolean" },
  } as const;
  Deno.exitCode = await runScript({ name: "release", usage: USAGE, options, args: Deno.args }, async (values) => {
    const { out = join(ROOT, "dist", "release"), programs, repository, target = [], tested } = values;
    const makePrograms = () => programs === undefined ? buildPrograms(target) : takePrograms(programs);
    const passed = () => tested === true ? Promise.resolve(true) : runTests();
    console.log(await release({ out, repository, runTests: passed, makePrograms, say: console.log }));
  });
}
