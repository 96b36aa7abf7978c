import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import process from "node:process";
import { debianRoot } from "../../support/debian_root.ts";
import { pythonWith } from "../../support/python.ts";

/** musl newer than 1.2.3, which Bun needs. */
const MUSL = { release: "trixie", packages: ["musl"] };
/** A wheel that brings its own libstdc++ for musl, as Alpine's package would. */
const WHEEL = "numpy==2.2.6";

/** Takes the libraries of C++ out of a wheel of PyPI. */
async function librariesOfWheel(to: string): Promise<void> {
  const python = await pythonWith("uv");
  const only = ["--only-binary=:all:", "--platform=musllinux_1_2_x86_64", "--python-version=3.12"];
  const pip = [
    "-m",
    "pip",
    "download",
    "--quiet",
    "--disable-pip-version-check",
    "--no-deps",
    ...only,
    `--dest=${to}`,
    WHEEL,
  ];
  execFileSync(python, pip, { stdio: "ignore", timeout: 120_000 });
  const wheel = readdirSync(to).find((name) => name.endsWith(".whl")) ?? "";
  execFileSync(python, ["-m", "zipfile", "-e", join(to, wheel), to]);
}

/**
 * Makes a root folder with nothing but musl, libstdc++ and libgcc_s, once, below `~/.cache/mlflow-auth-tests`.
 *
 * @returns its path; `undefined` where Debian's or Python's packages cannot be had, and on other processors
 */
export async function muslRoot(): Promise<string | undefined> {
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  const folder = join(homedir(), ".cache", "mlflow-auth-tests", "musl-root-1");
  if (existsSync(folder)) return folder;
  const musl = debianRoot(MUSL);
  if (musl === undefined) return undefined;
  const work = `${folder}.${process.pid}`;
  const at = (...names: readonly string[]): string => join(work, "root", ...names);
  try {
    for (const name of ["lib", "proc", "tmp", "usr/bin"]) mkdirSync(at(name), { recursive: true });
    mkdirSync(join(work, "wheel"));
    await librariesOfWheel(join(work, "wheel"));
    const libc = join(musl, "usr", "lib", "x86_64-linux-musl", "libc.so");
    for (const name of ["ld-musl-x86_64.so.1", "libc.musl-x86_64.so.1"]) copyFileSync(libc, at("lib", name));
    const libraries = join(work, "wheel", "numpy.libs");
    for (const name of readdirSync(libraries)) {
      // libstdc++ asks for the others by their names in the wheel.
      copyFileSync(join(libraries, name), at("lib", basename(name)));
      if (name.startsWith("libstdc++")) copyFileSync(join(libraries, name), at("lib", "libstdc++.so.6"));
    }
    renameSync(join(work, "root"), folder);
    return folder;
  } catch {
    // No way to the packages: the test is skipped.
    return undefined;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
