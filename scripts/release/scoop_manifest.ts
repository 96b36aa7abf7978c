import type { Download } from "./homebrew_formula.ts";
import { downloadsOf, homepageOf, type ReleaseFacts, SUMMARY } from "./release_facts.ts";

/**
 * Writes the manifest of Scoop for Windows. https://github.com/ScoopInstaller/Scoop/wiki/App-Manifests
 *
 * @param downloads the archives of the release
 * @param facts the release
 * @returns JSON; `undefined` where the release has nothing for Windows
 */
export function scoopManifest(downloads: readonly Download[], facts: ReleaseFacts): string | undefined {
  const windows = downloads.find(({ platform }) => platform.os === "win32");
  if (windows === undefined) return undefined;
  const url = `${downloadsOf(facts)}/${windows.archive}`;
  const next = url.replaceAll(`v${facts.version}/`, "v$version/");
  const manifest = {
    version: facts.version,
    description: SUMMARY,
    homepage: homepageOf(facts),
    license: "MIT",
    architecture: { "64bit": { url, hash: windows.sha256 } },
    bin: "mlflow-auth.exe",
    checkver: "github",
    autoupdate: { architecture: { "64bit": { url: next } }, hash: { url: "$baseurl/SHA256SUMS" } },
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
