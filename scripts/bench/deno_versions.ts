import { existsSync, mkdirSync, readdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../build/build.ts";
import { run, tail } from "../build/run_tool.ts";

/** A Deno that is there. */
export interface DenoVersion {
  /** Such as `2.9.6`. */
  readonly version: string;
  readonly path: string;
}

/** Where npm's packages of Deno's versions lie. */
const packagesOf = (version: string): string => join(cacheFolder(), `deno-${version}`, "node_modules", "@deno");

function installed(version: string): string | undefined {
  const folder = packagesOf(version);
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.map((name) => join(folder, name, "deno")).find((path) => existsSync(path));
}

/** Installs a version by npm, below the home folder. */
async function install(version: string): Promise<string> {
  const there = installed(version);
  if (there !== undefined) return there;
  const folder = join(cacheFolder(), `deno-${version}`);
  mkdirSync(folder, { recursive: true });
  const flags = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", folder];
  const ran = await run("npm", [...flags, `deno@${version}`]).catch(() => undefined);
  const made = ran?.status === 0 ? installed(version) : undefined;
  if (made === undefined) {
    throw new Error(`Cannot install "deno@${version}": ${ran === undefined ? "npm is not installed" : tail(ran.text)}`);
  }
  return made;
}

/**
 * Finds the versions of Deno that the program is to be run with: the one that runs this, the one that compiles, those that an earlier
 * bench has installed, and those that are named.
 *
 * @param named versions to install, such as `2.6.8`
 * @returns each once, the oldest first
 */
export async function denoVersions(named: readonly string[]): Promise<readonly DenoVersion[]> {
  const paths = [Deno.execPath(), Deno.env.get("COMPILE_DENO") ?? ""];
  const kept = existsSync(cacheFolder()) ? readdirSync(cacheFolder()).filter((name) => /^deno-\d/.test(name)) : [];
  for (const version of [...kept.map((name) => name.slice(5)), ...named]) paths.push(await install(version));
  const found = new Map<string, string>();
  for (const path of paths.filter((one) => one !== "").map((one) => realpathSync(one))) {
    const { text } = await run(path, ["--version"]);
    const version = /^deno (\S+)/m.exec(text)?.[1];
    if (version !== undefined && !found.has(version)) found.set(version, path);
  }
  const inOrder = new Intl.Collator("en", { numeric: true });
  return [...found].map(([version, path]) => ({ version, path }))
    .toSorted((one, other) => inOrder.compare(one.version, other.version));
}
