import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";

/** Packages of one release of Debian. */
export interface DebianPackages {
  /** Its code name, such as `bullseye`. */
  readonly release: string;
  readonly packages: readonly string[];
}

const KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg";

/**
 * Unpacks packages of any release of Debian, without installing them, once, below `~/.cache/mlflow-auth-tests`. apt fetches them from
 * Debian's archive, with lists of its own, and checks their signatures.
 *
 * @param wanted which packages; what they need is not fetched
 * @returns the folder that holds their files; `undefined` where this is no Debian, or its archive is out of reach
 */
export function debianRoot({ release, packages }: DebianPackages): string | undefined {
  const folder = join(homedir(), ".cache", "mlflow-auth-tests", `debian-${release}-${packages.join("-")}`);
  if (existsSync(folder)) return folder;
  if (process.platform !== "linux" || !existsSync(KEYS) || spawnSync("dpkg", ["--version"]).status !== 0) {
    return undefined;
  }
  const work = `${folder}.${process.pid}`;
  const at = (...names: readonly string[]): string => join(work, ...names);
  try {
    for (const name of ["lists/partial", "cache/archives/partial", "root"]) mkdirSync(at(name), { recursive: true });
    writeFileSync(at("sources.list"), `deb [signed-by=${KEYS}] http://deb.debian.org/debian ${release} main\n`);
    const own = {
      "Dir::Etc::sourcelist": at("sources.list"),
      "Dir::Etc::sourceparts": "-",
      "Dir::State::lists": at("lists"),
      "Dir::State::status": "/dev/null",
      "Dir::Cache": at("cache"),
      // The folder is below the home folder, which apt's own user may not enter.
      "APT::Sandbox::User": "root",
    };
    const options = Object.entries(own).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
    const apt = (...words: readonly string[]) =>
      execFileSync("apt-get", [...options, "-q", ...words], { cwd: work, stdio: "ignore", timeout: 120_000 });
    apt("update");
    apt("download", ...packages);
    for (const name of readdirSync(work).filter((name) => name.endsWith(".deb"))) {
      execFileSync("dpkg-deb", ["-x", at(name), at("root")]);
    }
    renameSync(at("root"), folder);
    return folder;
  } catch {
    // No way to the archive, or a release that has gone from it: the test is skipped.
    return existsSync(folder) ? folder : undefined;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
