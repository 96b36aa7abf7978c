import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { basename, join } from "node:path";
import { BuildError, ROOT } from "./build.ts";
import { buildEnvironment } from "./build_environment.ts";
import { run, tail } from "./run_tool.ts";

/** Modules of Node by the names that only Node finds. */
const BARE: ReadonlySet<string> = new Set(builtinModules.filter((name) => !name.startsWith("node:")));

/** How {@link bundle} and {@link bundleAll} make their files. */
export interface BundleOptions {
  /** Of `deno bundle`. */
  readonly options?: readonly string[];
}

/**
 * Makes JavaScript of a program and all that it imports: one file, and one for each part that is imported only when it is needed
 * (reading the Azure packages takes longer than all of `--help`). The same source gives the same bytes, wherever it and Deno's cache
 * lie and whoever builds.
 *
 * @param entry path of the program's source
 * @param folder where the files go; it is made
 * @param how how `deno bundle` is to make them
 * @returns path of the file to run
 * @throws BuildError where the source cannot be bundled, or asks for a module that a compiled program would not find
 */
export async function bundle(
  entry: string,
  folder: string,
  { options = ["--minify", "--code-splitting"] }: BundleOptions = {},
): Promise<string> {
  const [path = ""] = await bundleAll([entry], folder, { options });
  return path;
}

/**
 * Makes JavaScript of several programs, in a fraction of the time that they take one by one.
 *
 * @param entries paths of their sources, in one folder
 * @param folder where the files go; it is made
 * @param how how `deno bundle` is to make them; parts that two have in common are not split off
 * @returns paths of the files to run
 * @throws BuildError as {@link bundle} does
 */
export async function bundleAll(
  entries: readonly string[],
  folder: string,
  { options = [] }: BundleOptions = {},
): Promise<readonly string[]> {
  const flags = ["--quiet", "--platform", "deno", ...options, "--config", join(ROOT, "deno.json")];
  const env = { ...buildEnvironment(Deno.env.toObject()), NO_COLOR: "1" };
  const raw = join(folder, "raw");
  const args = ["bundle", ...flags, "--outdir", raw, ...entries];
  const { status, text } = await run(Deno.execPath(), args, { env, clearEnv: true });
  const named = entries.map((entry) => `"${entry}"`).join(", ");
  if (status !== 0) throw new BuildError(`Cannot bundle ${named}:\n${tail(text)}`, "run deno task check");
  const made = new Map(readdirSync(raw).sort().map((name) => [name, readFileSync(join(raw, name), "utf8")]));
  rmSync(raw, { recursive: true });
  const commit = await commitOf(ROOT);
  return entries.map((entry) => {
    const main = basename(entry).replace(/\.(ts|cjs)$/, ".js");
    for (const [name, source] of settled(made, main)) {
      checkModules(source, entry);
      // `src/host/build.ts` has the place of the commit.
      writeFileSync(join(folder, name), commit === undefined ? source : source.replaceAll("@commit@", commit));
    }
    return join(folder, main);
  });
}

function checkModules(source: string, entry: string): void {
  const asked = source.matchAll(/(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*"([^"\n]{1,60})"/g);
  const bare = [...asked].map(([, module = ""]) => module).find((module) => BARE.has(module));
  if (bare === undefined) return;
  throw new BuildError(
    `Cannot bundle "${entry}": it asks for "${bare}" without node:`,
    "import it by its node: name, or leave out the package that does not",
  );
}

/** What the bundler calls a package's module: its path from the folder that was worked in to Deno's cache. */
const LABEL = /"[^"\n]*\/npm\/[^/"\n]+\/((?:@[^/"\n]+\/)?[^/"\n]+\/\d[^"\n]*)"(?=\s*\()/g;

/**
 * How the bundler copies the members of a package in CommonJS for each import of it. Of a package that is bytes, each byte is one: that
 * would take longer, and more memory, than all of the program.
 */
const COPY = /if\((\w+)&&typeof \1=="object"\|\|typeof \1=="function"\)for\(/g;

/** How one file of a bundle names another. */
const PART = /(?<=")\.\/([^"/\n]+\.js)(?=")/g;

/**
 * Takes out of a bundle where it was made: a package's module is called by its path within the package, and a part by its place in
 * the order in which it is first named.
 *
 * @param files texts by name
 * @param main name of the one to run
 * @returns the same program; parts that nothing names are left out
 *
 * @example
 * ```ts
 * import { settled } from "./bundle.ts";
 * import assert from "node:assert/strict";
 *
 * const files = new Map([["main.js", 'a({ "../../home/me/.cache/deno/npm/host/jws/4.0.1/index.js"(e) {} });']]);
 * assert.deepEqual([...settled(files, "main.js")], [["main.js", 'a({ "jws/4.0.1/index.js"(e) {} });']]);
 * ```
 */
export function settled(files: ReadonlyMap<string, string>, main: string): ReadonlyMap<string, string> {
  const names = new Map([[main, main]]);
  const made = new Map<string, string>();
  // A name that is met is added to what is gone through.
  for (const [old, name] of names) {
    const text = (files.get(old) ?? "").replace(LABEL, '"$1"').replace(
      COPY,
      'if(!ArrayBuffer.isView($1)&&($1&&typeof $1=="object"||typeof $1=="function"))for(',
    ).replace(PART, (found, part: string) => {
      if (!files.has(part)) return found;
      if (!names.has(part)) names.set(part, main.replace(".js", `-${names.size}.js`));
      return `./${names.get(part)}`;
    });
    made.set(name, text);
  }
  return made;
}

/** The commit of a working tree, `-dirty` where files differ from it; `undefined` where git does not tell. */
async function commitOf(folder: string): Promise<string | undefined> {
  try {
    const git = (...args: readonly string[]) => run("git", ["-C", folder, ...args]);
    const [head, changes] = await Promise.all([git("rev-parse", "--short=12", "HEAD"), git("status", "--porcelain")]);
    return head.status === 0 ? head.text.trim() + (changes.text.trim() === "" ? "" : "-dirty") : undefined;
  } catch {
    // A source archive on a machine without git.
    return undefined;
  }
}
