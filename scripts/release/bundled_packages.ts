import { Buffer } from "node:buffer";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { BuildError, ROOT, withTemporaryFolder } from "../build/build.ts";
import { termsOf } from "./package_terms.ts";

/** An npm package that is inside of the program. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** What its package.json says, such as `MIT`; `undefined` where it says none. */
  readonly license: string | undefined;
  /** SHA-512 of its tarball from deno.lock, in hexadecimal digits. */
  readonly sha512: string | undefined;
  /** Text of its license, and of its notice where it has one. */
  readonly terms: string;
}

/** A package by the folder that it was read from. */
export interface PackageFolder {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
}

/**
 * Finds the packages that source files belong to.
 *
 * @param sources paths of source files, those of packages below Deno's cache
 * @returns each package once, by name and version
 *
 * @example
 * ```ts
 * import { packageFoldersOf } from "./bundled_packages.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(packageFoldersOf(["/c/npm/host/@a/b/1.2.3/src/x.js", "/c/npm/host/@a/b/1.2.3/y.js", "/p/src/main.ts"]), [
 *   { name: "@a/b", version: "1.2.3", folder: "/c/npm/host/@a/b/1.2.3" },
 * ]);
 * ```
 */
export function packageFoldersOf(sources: readonly string[]): readonly PackageFolder[] {
  const found = new Map<string, PackageFolder>();
  for (const source of sources) {
    const match = /^(.*\/npm\/[^/]+\/((?:@[^/]+\/)?[^/]+)\/(\d[^/_]*)[^/]*)\//.exec(source.replaceAll("\\", "/"));
    const [, folder, name, version] = match ?? [];
    if (folder === undefined || name === undefined || version === undefined) continue;
    found.set(`${name}@${version}`, { name, version, folder });
  }
  return [...found.keys()].sort().flatMap((key) => found.get(key) ?? []);
}

/** A member of an object that was read, where it is a text. */
function textOf(value: unknown, member: string): string | undefined {
  const inner: unknown = typeof value === "object" && value !== null ? Reflect.get(value, member) : undefined;
  return typeof inner === "string" ? inner : undefined;
}

/** What a package.json says of the license, in the present form or the two old ones. */
function licenseOf(manifest: unknown): string | undefined {
  const old: unknown = Reflect.get(Object(manifest), "licenses");
  const [first]: readonly unknown[] = Array.isArray(old) ? old : [];
  return textOf(manifest, "license") ?? textOf(Reflect.get(Object(manifest), "license"), "type") ??
    textOf(first, "type");
}

/** The checksum that deno.lock has for a package. */
function sha512Of({ name, version }: PackageFolder, lock: unknown): string | undefined {
  const packages: unknown = Reflect.get(Object(lock), "npm");
  const key = Object.keys(Object(packages)).find((key) =>
    key === `${name}@${version}` || key.startsWith(`${name}@${version}_`)
  );
  const integrity = key === undefined ? undefined : textOf(Reflect.get(Object(packages), key), "integrity");
  return integrity?.startsWith("sha512-")
    ? Buffer.from(integrity.slice("sha512-".length), "base64").toString("hex")
    : undefined;
}

/** Source files of which something is in the bundle, told by its source maps: what was left out as unused is not among them. */
async function bundledSources(folder: string): Promise<readonly string[]> {
  const flags = ["--quiet", "--minify", "--platform", "deno", "--code-splitting", "--sourcemap=external"];
  const args = ["bundle", ...flags, "--config", join(ROOT, "deno.json"), "--outdir", folder];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args, join(ROOT, "src", "main.ts")],
    stdin: "null",
  }).output();
  if (!success) {
    const said = new TextDecoder().decode(stderr).trim();
    throw new BuildError(`Cannot bundle "src/main.ts" with source maps:\n${said}`, "run deno task check");
  }
  return readdirSync(folder).filter((name) => name.endsWith(".map")).flatMap((name) => {
    const map = JSON.parse(readFileSync(join(folder, name), "utf8")) as { readonly sources: readonly string[] };
    return map.sources.map((source) => resolve(folder, source));
  });
}

/** The files at the top of a package that have no code in them, by name. */
function textsIn(folder: string): ReadonlyMap<string, string> {
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  const texts = files.filter(({ name }) => /^[^.]+(?:\.(?:md|txt|apache2?|mit|bsd))?$/i.test(name));
  return new Map(texts.map(({ name }) => [name, readFileSync(join(folder, name), "utf8")]));
}

/**
 * Says which npm packages are inside of the program, by what the bundler took from them.
 *
 * @returns each with its version, license and checksum, sorted by name
 * @throws BuildError where the program cannot be bundled, or a package brings no license
 */
export async function bundledPackages(): Promise<readonly BundledPackage[]> {
  const lock: unknown = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.lock")));
  const folders = await withTemporaryFolder(async (folder) => packageFoldersOf(await bundledSources(folder)));
  return folders.map((found) => {
    const manifest: unknown = JSON.parse(readFileSync(join(found.folder, "package.json"), "utf8"));
    const { name, version } = found;
    const terms = termsOf(`${name}@${version}`, textsIn(found.folder));
    return { name, version, license: licenseOf(manifest), sha512: sha512Of(found, lock), terms };
  });
}
