import { type PackedFile, utf8 } from "./packed_file.ts";
import { executableOf, type Platform } from "./platforms.ts";
import { homepageOf, readmeOf, type ReleaseFacts, SUMMARY } from "./release_facts.ts";
import { tarGzip } from "./tar_gzip.ts";

const json = (value: unknown): Uint8Array => utf8(`${JSON.stringify(value, null, 2)}\n`);

/** A package as `npm pack` would make it: everything below `package/`. */
function tarball(
  manifest: Readonly<Record<string, unknown>>,
  files: readonly PackedFile[],
  facts: ReleaseFacts,
): Uint8Array {
  const all: readonly PackedFile[] = [
    { path: "package.json", bytes: json(manifest) },
    { path: "README.md", bytes: utf8(readmeOf(facts)) },
    ...files,
  ];
  return tarGzip(all.map((file) => ({ ...file, path: `package/${file.path}` })));
}

const about = (facts: ReleaseFacts) => ({
  version: facts.version,
  description: SUMMARY,
  license: "MIT",
  repository: { type: "git", url: `git+${homepageOf(facts)}.git` },
});

/**
 * Makes the npm package of one platform: the executable, and `os` and `cpu` by which npm leaves it out elsewhere.
 *
 * @param program the executable, its platform, and the files with its terms
 * @param facts the release
 * @returns the package's file name and bytes
 */
export function platformPackage(
  program: { readonly platform: Platform; readonly bytes: Uint8Array; readonly terms: readonly PackedFile[] },
  facts: ReleaseFacts,
): PackedFile {
  const { platform, bytes, terms } = program;
  const manifest = {
    name: `@mlflow-auth/${platform.npm}`,
    ...about(facts),
    os: [platform.os],
    cpu: platform.cpus,
    ...(platform.libc === undefined ? {} : { libc: [platform.libc] }),
    preferUnplugged: true,
  };
  const executable: PackedFile = { path: `bin/${executableOf(platform)}`, bytes, isExecutable: true };
  return {
    path: `npm-${platform.npm}-${facts.version}.tgz`,
    bytes: tarball(manifest, [...terms, executable], facts),
  };
}

/**
 * Makes the npm package that users name: a file that hands over to the executable, and one optional dependency for each platform. It
 * has no install script.
 *
 * @param platforms the platforms of the release
 * @param facts the release
 * @param files
 * @param files.launcher the text of `packaging/npm/mlflow-auth.mjs`
 * @returns the package's file name and bytes
 */
export function mainPackage(
  platforms: readonly Platform[],
  facts: ReleaseFacts,
  { launcher }: { readonly launcher: string },
): PackedFile {
  const manifest = {
    name: "mlflow-auth",
    ...about(facts),
    keywords: ["mlflow", "azure", "key-vault", "credentials"],
    type: "module",
    bin: { "mlflow-auth": "bin/mlflow-auth.mjs" },
    engines: { node: ">=18" },
    optionalDependencies: Object.fromEntries(platforms.map(({ npm }) => [`@mlflow-auth/${npm}`, facts.version])),
  };
  const bin: PackedFile = { path: "bin/mlflow-auth.mjs", bytes: utf8(launcher), isExecutable: true };
  // It holds nothing of others: their terms are in the packages with the executables.
  const license: PackedFile = { path: "LICENSE", bytes: utf8(facts.license) };
  return { path: `npm-mlflow-auth-${facts.version}.tgz`, bytes: tarball(manifest, [license, bin], facts) };
}
