import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sha256, utf8 } from "../../../scripts/release/packed_file.ts";
import { tarGzip } from "../../../scripts/release/tar_gzip.ts";
import type { Platform } from "../../../scripts/release/platforms.ts";

/** A release of a program that is only a few lines long: what its installer does is quick to see. */
export interface SmallRelease extends AsyncDisposable {
  /** A folder of the test's own, open to everybody. */
  readonly path: string;
  /** The installer, as it is released. */
  readonly installer: string;
  /** The folder of the releases, for `MLFLOW_AUTH_RELEASES_URL`. */
  readonly url: string;
  /** What the installed program says. */
  readonly says: string;
  /** Path of a file of the release. */
  readonly pathOf: (name: string) => string;
  /** Name of the archive of this platform. */
  readonly archive: string;
}

const VERSION = "9.9.9";
/** So large that a small disk is full of it. */
const PADDING = 200_000;

/**
 * Makes the release.
 *
 * @param platform this machine's
 * @returns the release; `await using` removes it
 */
export async function makeSmallRelease(platform: Platform): Promise<SmallRelease> {
  const path = await mkdtemp(join(tmpdir(), "mlflow-auth-small-"));
  const folder = join(path, "releases", `v${VERSION}`);
  mkdirSync(folder, { recursive: true });
  const archive = `mlflow-auth-${platform.target}.tar.gz`;
  // What cannot be packed any smaller.
  const random = Array.from({ length: PADDING / 40 }, (_, at) => sha256(utf8(String(at))).slice(0, 40)).join("");
  const program = `#!/bin/sh\necho 9.9.9 small\nexit\n# ${random}\n`;
  const bytes = tarGzip([{ path: "mlflow-auth", bytes: utf8(program), isExecutable: true }]);
  writeFileSync(join(folder, archive), bytes);
  writeFileSync(join(folder, "SHA256SUMS"), `${sha256(bytes)}  ${archive}\n`);
  const text = readFileSync(fileURLToPath(new URL("../../../install.sh", import.meta.url)), "utf8");
  const installer = join(path, "install.sh");
  writeFileSync(installer, text.replace("@version@", VERSION));
  return {
    path,
    installer,
    url: `file://${join(path, "releases")}`,
    says: "9.9.9 small\n",
    pathOf: (name) => join(folder, name),
    archive,
    [Symbol.asyncDispose]: () => Promise.resolve(rmSync(path, { recursive: true, force: true })),
  };
}
