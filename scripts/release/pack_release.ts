import { type Download, homebrewFormula } from "./homebrew_formula.ts";
import { mainPackage, platformPackage } from "./npm_packages.ts";
import { type NoticeSources, termsFiles } from "./notices.ts";
import { type PackedFile, sha256, utf8 } from "./packed_file.ts";
import { executableOf, packagedRuntime, type Platform } from "./platforms.ts";
import type { ReleaseFacts } from "./release_facts.ts";
import { scoopManifest } from "./scoop_manifest.ts";
import { type PackedProgram, spdx } from "./spdx.ts";
import { tarGzip } from "./tar_gzip.ts";
import { wheel } from "./wheel.ts";
import { zip } from "./zip.ts";

/** An executable to release. */
export interface Program {
  readonly platform: Platform;
  readonly runtime: PackedProgram["runtime"];
  readonly bytes: Uint8Array;
}

/** Texts that go into a release. */
export interface Sources extends NoticeSources {
  /** `packaging/npm/mlflow-auth.mjs`. */
  readonly launcher: string;
  /** `install.sh` and `install.ps1`, by name. */
  readonly installers: Readonly<Record<string, string>>;
  /** `Dockerfile`. */
  readonly dockerfile: string;
  /** `action/sha256sums.json`, as it was before. */
  readonly actionSums: string;
}

/** The archive of a program: `.zip` on Windows, elsewhere `.tar.gz`. */
function archiveOf({ platform, runtime, bytes }: Program, terms: readonly PackedFile[]): PackedFile {
  const files = [{ path: executableOf(platform), bytes, isExecutable: true }, ...terms];
  const name = `mlflow-auth-${runtime.name === packagedRuntime(platform) ? "" : "bun-"}${platform.target}`;
  return platform.os === "win32"
    ? { path: `${name}.zip`, bytes: zip(files) }
    : { path: `${name}.tar.gz`, bytes: tarGzip(files) };
}

/** An installer with the release that it installs filled in. */
const filledIn = (text: string, { repository, version }: ReleaseFacts): string =>
  text.replaceAll("@repository@", repository).replaceAll("@version@", version);

/** The checksums that the action has committed beside it, with those of this release. */
function actionSums(before: string, sums: readonly Download[], { version }: ReleaseFacts): string {
  const known = JSON.parse(before) as Readonly<Record<string, unknown>>;
  const own = Object.fromEntries(sums.map(({ archive, sha256 }) => [archive, sha256]));
  return `${JSON.stringify({ ...known, [version]: own }, null, 2)}\n`;
}

/**
 * Makes every file of a release, of nothing but what is passed in: the same bytes every time.
 *
 * @param programs the executables
 * @param facts what is released
 * @param sources the texts that go into it
 * @yields one file after the other; `SHA256SUMS`, over all before it, is the last but `action-sha256sums.json`
 * @throws RangeError where a program is not one of its platform
 */
export function* packRelease(
  programs: readonly Program[],
  facts: ReleaseFacts,
  sources: Sources,
): Generator<PackedFile, void> {
  const sums: (readonly [name: string, sha256: string])[] = [];
  const summed = (file: PackedFile): PackedFile => {
    sums.push([file.path, sha256(file.bytes)]);
    return file;
  };
  const packed: PackedProgram[] = [];
  const downloads: Download[] = [];
  for (const program of programs) {
    const { platform, runtime } = program;
    const terms = termsFiles(runtime, { ...sources, license: facts.license });
    const file = summed(archiveOf(program, terms));
    const digest = sums.at(-1)?.[1] ?? "";
    packed.push({ archive: file.path, sha256: digest, runtime });
    yield file;
    if (runtime.name !== packagedRuntime(platform)) continue;
    downloads.push({ platform, archive: file.path, sha256: digest });
    yield summed(wheel({ ...program, terms }, facts));
    yield summed(platformPackage({ ...program, terms }, facts));
  }
  yield summed(mainPackage(downloads.map(({ platform }) => platform), facts, sources));
  const scoop = scoopManifest(downloads, facts);
  const texts: readonly (readonly [name: string, text: string | undefined])[] = [
    ["mlflow-auth.spdx.json", spdx(facts, { programs: packed, packages: sources.packages })],
    ["mlflow-auth.rb", homebrewFormula(downloads, facts)],
    ["mlflow-auth.json", scoop],
    ["Dockerfile", sources.dockerfile],
    ...Object.entries(sources.installers).map(([name, text]) => [name, filledIn(text, facts)] as const),
  ];
  for (const [path, text] of texts) if (text !== undefined) yield summed({ path, bytes: utf8(text) });
  const lines = sums.map(([name, digest]) => `${digest}  ${name}\n`).sort((a, b) => a.slice(66) < b.slice(66) ? -1 : 1);
  yield { path: "SHA256SUMS", bytes: utf8(lines.join("")) };
  yield { path: "action-sha256sums.json", bytes: utf8(actionSums(sources.actionSums, downloads, facts)) };
}
