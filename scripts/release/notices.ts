import type { BundledPackage } from "./bundled_packages.ts";
import { type PackedFile, utf8 } from "./packed_file.ts";
import type { PackedProgram } from "./spdx.ts";

/** What the notices are called in every archive and package. */
export const NOTICES_FILE = "THIRD_PARTY_NOTICES.txt";

/** What others have written of a program, and on what terms. */
export interface NoticeSources {
  readonly packages: readonly BundledPackage[];
  /** `packaging/notices/<runtime>.txt`, by the runtime's name; `@version@` stands for its version. */
  readonly runtimeNotices: Readonly<Record<PackedProgram["runtime"]["name"], string>>;
}

const LINE = `\n${"-".repeat(78)}\n\n`;

/**
 * Writes what a program holds of others, and on what terms: its runtime, then the packages, those with the same text together.
 *
 * @param runtime the runtime that the program is joined to
 * @param sources the packages, and the notices of runtimes
 * @returns the text of `THIRD_PARTY_NOTICES.txt`
 */
export function noticesOf(runtime: PackedProgram["runtime"], sources: NoticeSources): string {
  const byTerms = Map.groupBy(sources.packages, ({ terms }) => terms);
  const packages = [...byTerms].map(([terms, same]) => {
    const names = same.map(({ name, version }) => `${name} ${version}, https://www.npmjs.com/package/${name}\n`);
    return `${names.join("")}\n${terms}\n`;
  });
  const head = "mlflow-auth holds the work of others, each part under its own terms.\n";
  const own = sources.runtimeNotices[runtime.name].replaceAll("@version@", runtime.version);
  return [head, own, ...packages].join(LINE);
}

/**
 * The two files that go beside a program, wherever it is passed on.
 *
 * @param runtime the program's runtime
 * @param sources what it holds, and the project's own license
 * @returns `LICENSE` and `THIRD_PARTY_NOTICES.txt`
 */
export function termsFiles(
  runtime: PackedProgram["runtime"],
  sources: NoticeSources & { readonly license: string },
): readonly PackedFile[] {
  return [
    { path: "LICENSE", bytes: utf8(sources.license) },
    { path: NOTICES_FILE, bytes: utf8(noticesOf(runtime, sources)) },
  ];
}
