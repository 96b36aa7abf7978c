import type { Platform } from "./platforms.ts";
import { downloadsOf, homepageOf, type ReleaseFacts, SUMMARY } from "./release_facts.ts";

/** An archive that a package manager downloads. */
export interface Download {
  readonly platform: Platform;
  readonly archive: string;
  readonly sha256: string;
}

function systemBlock(system: "macos" | "linux", lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`  on_${system} do`, ...lines, "  end", ""];
}

function archiveLines({ platform, archive, sha256 }: Download, facts: ReleaseFacts): readonly string[] {
  const processor = platform.cpus[0] === "arm64" ? "arm" : "intel";
  return [
    `    on_${processor} do`,
    `      url "${downloadsOf(facts)}/${archive}"`,
    `      sha256 "${sha256}"`,
    "    end",
  ];
}

/**
 * Writes the formula of Homebrew for macOS and Linux. https://docs.brew.sh/Formula-Cookbook
 *
 * @param downloads the archives of the release
 * @param facts the release
 * @returns a Ruby file
 */
export function homebrewFormula(downloads: readonly Download[], facts: ReleaseFacts): string {
  const linesFor = (os: Platform["os"]): readonly string[] =>
    downloads.filter(({ platform }) => platform.os === os && platform.libc !== "musl").flatMap((download) =>
      archiveLines(download, facts)
    );
  return [
    "class MlflowAuth < Formula",
    `  desc "${SUMMARY}"`,
    `  homepage "${homepageOf(facts)}"`,
    `  version "${facts.version}"`,
    '  license "MIT"',
    "",
    ...systemBlock("macos", linesFor("darwin")),
    ...systemBlock("linux", linesFor("linux")),
    "  def install",
    '    bin.install "mlflow-auth"',
    '    generate_completions_from_executable(bin/"mlflow-auth", "completions", shells: [:bash, :zsh, :fish, :pwsh])',
    "  end",
    "",
    "  test do",
    '    assert_match version.to_s, shell_output("#{bin}/mlflow-auth --version")',
    "  end",
    "end",
    "",
  ].join("\n");
}
