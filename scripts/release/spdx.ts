import type { BundledPackage } from "./bundled_packages.ts";
import { downloadsOf, homepageOf, type ReleaseFacts } from "./release_facts.ts";

/** An archive of the release, and the runtime in it. */
export interface PackedProgram {
  readonly archive: string;
  readonly sha256: string;
  readonly runtime: { readonly name: "deno" | "bun"; readonly version: string };
}

const RUNTIMES = {
  deno: { license: "MIT", page: "https://github.com/denoland/deno", purl: "pkg:github/denoland/deno@v" },
  bun: { license: "NOASSERTION", page: "https://github.com/oven-sh/bun", purl: "pkg:github/oven-sh/bun@bun-v" },
} as const;

const idOf = (text: string): string => `SPDXRef-${text.replaceAll(/[^A-Za-z0-9.-]/g, "-")}`;

/** What SPDX takes as a license: names and the words that join them. */
const isExpression = (license: string): boolean =>
  /^[A-Za-z0-9.+-]+(?: (?:AND|OR|WITH) [A-Za-z0-9.+-]+)*$/.test(license.replace(/^\((.*)\)$/, "$1"));

const common = {
  filesAnalyzed: false,
  licenseConcluded: "NOASSERTION",
  copyrightText: "NOASSERTION",
} as const;

const purl = (locator: string) =>
  ({
    externalRefs: [
      { referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: locator },
    ],
  }) as const;

function packageOf({ name, version, license, sha512 }: BundledPackage) {
  return {
    SPDXID: idOf(`npm-${name}-${version}`),
    name,
    versionInfo: version,
    downloadLocation: "NOASSERTION",
    ...common,
    licenseDeclared: license !== undefined && isExpression(license) ? license : "NOASSERTION",
    ...(sha512 === undefined ? {} : { checksums: [{ algorithm: "SHA512", checksumValue: sha512 }] }),
    ...purl(`pkg:npm/${name.replace("@", "%40")}@${version}`),
  };
}

function runtimeOf({ name, version }: PackedProgram["runtime"]) {
  const { license, page, purl: locator } = RUNTIMES[name];
  return {
    SPDXID: idOf(`runtime-${name}-${version}`),
    name,
    versionInfo: version,
    downloadLocation: "NOASSERTION",
    homepage: page,
    ...common,
    licenseDeclared: license,
    ...purl(`${locator}${version}`),
    comment: "the runtime that the program is joined to; its own parts are listed where it is made",
  };
}

function archiveOf({ archive, sha256 }: PackedProgram, facts: ReleaseFacts) {
  return {
    SPDXID: idOf(`archive-${archive}`),
    name: archive,
    versionInfo: facts.version,
    packageFileName: archive,
    downloadLocation: `${downloadsOf(facts)}/${archive}`,
    ...common,
    licenseDeclared: "MIT",
    checksums: [{ algorithm: "SHA256", checksumValue: sha256 }],
    primaryPackagePurpose: "ARCHIVE",
  };
}

/** A line of the relationships. */
const related = (...[from, type, to]: readonly [from: string, type: string, to: string]) =>
  ({ spdxElementId: from, relationshipType: type, relatedSpdxElement: to }) as const;

/**
 * Writes the bill of materials of a release: every archive, the runtime in it, the program, and the packages inside of the program.
 * https://spdx.github.io/spdx-spec/v2.3/
 *
 * @param facts the release
 * @param inside
 * @param inside.programs archives and their runtimes
 * @param inside.packages the packages inside of the program
 * @returns SPDX 2.3 as JSON
 */
export function spdx(
  facts: ReleaseFacts,
  inside: { readonly programs: readonly PackedProgram[]; readonly packages: readonly BundledPackage[] },
): string {
  const { programs, packages } = inside;
  const program = {
    SPDXID: idOf("mlflow-auth"),
    name: "mlflow-auth",
    versionInfo: facts.version,
    downloadLocation: `git+${homepageOf(facts)}@v${facts.version}`,
    homepage: homepageOf(facts),
    ...common,
    licenseDeclared: "MIT",
    primaryPackagePurpose: "APPLICATION",
  };
  const parts = packages.map(packageOf);
  const archives = programs.map((one) => ({
    archive: archiveOf(one, facts),
    runtime: runtimeOf(one.runtime),
  }));
  const runtimes = new Map(archives.map(({ runtime }) => [runtime.SPDXID, runtime]));
  const document = {
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: "SPDXRef-DOCUMENT",
    name: `mlflow-auth-${facts.version}`,
    documentNamespace: `${downloadsOf(facts)}/mlflow-auth.spdx.json`,
    creationInfo: { created: facts.committedAt, creators: [`Tool: mlflow-auth-release-${facts.version}`] },
    packages: [program, ...archives.map(({ archive }) => archive), ...runtimes.values(), ...parts],
    relationships: [
      related("SPDXRef-DOCUMENT", "DESCRIBES", program.SPDXID),
      ...archives.flatMap(({ archive, runtime }) => [
        related("SPDXRef-DOCUMENT", "DESCRIBES", archive.SPDXID),
        related(archive.SPDXID, "CONTAINS", program.SPDXID),
        related(archive.SPDXID, "CONTAINS", runtime.SPDXID),
      ]),
      ...parts.map(({ SPDXID }) => related(program.SPDXID, "CONTAINS", SPDXID)),
    ],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
