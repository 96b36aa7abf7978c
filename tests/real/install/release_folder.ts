import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { packRelease, type Sources } from "../../../scripts/release/pack_release.ts";
import { type Platform, PLATFORMS } from "../../../scripts/release/platforms.ts";

/** What the tests release. */
export const FACTS = {
  version: "9.9.9",
  repository: "me/mlflow-auth",
  committedAt: "2026-01-31T12:00:00Z",
  license: "MIT License\n",
} as const;

/** A release in a folder, as a mirror has it. */
export interface ReleaseFolder extends AsyncDisposable {
  /** Holds `v9.9.9`; work of a test may go beside it. */
  readonly path: string;
  /** Path of a file of the release. */
  readonly pathOf: (name: string) => string;
  /** Names and sizes in bytes, in the order in which they were made. */
  readonly sizes: ReadonlyMap<string, number>;
}

/**
 * The platform of this machine.
 *
 * @returns its row; `undefined` where no release is built for it
 */
export const ownPlatform = (): Platform | undefined =>
  PLATFORMS.find(({ os, cpus }) => os === process.platform && cpus.includes(process.arch));

const read = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), "utf8");

/** @returns the texts of this clone that go into a release. */
export const sources = (): Sources => ({
  launcher: read("packaging/npm/mlflow-auth.mjs"),
  installers: { "install.sh": read("install.sh"), "install.ps1": read("install.ps1") },
  dockerfile: read("Dockerfile"),
  actionSums: read("action/sha256sums.json"),
  packages: [],
  runtimeNotices: { deno: read("packaging/notices/deno.txt"), bun: read("packaging/notices/bun.txt") },
});

/**
 * Releases a compiled program of this machine.
 *
 * @param program its path
 * @param platform this machine's
 * @returns the release; `await using` removes it
 */
export async function makeReleaseFolder(program: string, platform: Platform): Promise<ReleaseFolder> {
  const path = await mkdtemp(join(tmpdir(), "mlflow-auth-install-"));
  const folder = join(path, "releases", `v${FACTS.version}`);
  mkdirSync(folder, { recursive: true });
  const runtime = { name: "deno", version: "2.9.6" } as const;
  const sizes = new Map<string, number>();
  const programs = [{ platform, runtime, bytes: readFileSync(program) }];
  for (const file of packRelease(programs, FACTS, sources())) {
    writeFileSync(join(folder, file.path), file.bytes);
    sizes.set(file.path, file.bytes.length);
  }
  return {
    path,
    pathOf: (name) => join(folder, name),
    sizes,
    [Symbol.asyncDispose]: () => Promise.resolve(rmSync(path, { recursive: true, force: true })),
  };
}
