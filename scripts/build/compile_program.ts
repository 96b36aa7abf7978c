/**
 * Makes the executable of Deno for a quick start. `deno compile` of src/main.ts would do the same work, more slowly: most of what `exec`
 * costs is the reading of its own source.
 *
 * - Scripts, not modules: V8 takes code that was kept (`cachedData`) for a script alone, and Deno's own cache is written at run time.
 * - More than one: each run reads `program`; the Azure packages and the proxy are read when an `import()` asks for them.
 * - V8's code beside them: the program runs once here, with made-up answers, and leaves the code of all that ran. V8 refuses it for
 *   another source, version or system and compiles the source: a short cut, never another program.
 * - The first line that reads them is `await load("program")` in launch/launch.ts, by `new vm.Script` in launch/load_script.ts.
 * - To do without: `compileDeno({ from: await bundle(join(ROOT, "src", "main.ts"), folder), to })`, as compile.ts does for Bun.
 *
 * @module
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { rootCertificates } from "node:tls";
import { pathToFileURL } from "node:url";
import { BuildError, BUNDLE_FLAGS, compileDeno, type CompileOptions, ROOT } from "./build.ts";
import { bundle } from "./bundle.ts";
import { run, tail } from "./run_tool.ts";

/** The scripts that the compiled program is made of: what every run reads, the Azure packages, and the proxy. */
const SCRIPTS = ["program", "sdk", "proxy"] as const;

const LAUNCH = join(ROOT, "scripts", "build", "launch");

/** Stands for every secret while the program is warmed up. */
const CANARY = "warm-up-canary";

/** What the program finds while it is warmed up. Nothing is asked for over the network; were it, nobody would answer. */
const ENV = {
  AZURE_AUTHORITY_HOST: "https://login.microsoftonline.com/",
  AZURE_CLIENT_ID: "00000000-0000-4000-8000-000000000001",
  AZURE_CLIENT_SECRET: CANARY,
  AZURE_POD_IDENTITY_AUTHORITY_HOST: "http://127.0.0.1:9",
  AZURE_TENANT_ID: "00000000-0000-4000-8000-000000000002",
  MLFLOW_AZURE_KEY_VAULT_URL: "https://team.vault.azure.net/",
  MLFLOW_AZURE_SECRET_NAME: "mlflow",
  MLFLOW_TRACKING_URI: "https://mlflow.example",
} as const;

/** Replaces what a pattern finds, which has to be there. */
function replaceFound(text: string, { find, by }: { readonly find: RegExp; readonly by: string }): string {
  const replaced = text.replace(find, by);
  if (replaced !== text) return replaced;
  throw new BuildError(
    `Cannot make a script of the bundle: nothing in it matches "${find.source}"`,
    "look at what deno bundle makes now, and change the pattern in scripts/build/compile_program.ts",
  );
}

const LAZY = `var __lazy = (load) => {
  let loaded;
  const get = () => loaded ??= load();
  return new Proxy({}, { get: (_, name) => get()[name], has: (_, name) => name in get() });
};
`;

/**
 * Takes out of a bundle what it costs to start: a package in CommonJS is evaluated when it is first used, and the members of a
 * module, hundreds for Node's own, are no longer copied for each import of it.
 *
 * @param text the bundle in CommonJS, not minified
 * @returns the same program
 * @throws BuildError where the bundle is not made as it was
 *
 * @example
 * ```ts ignore
 * quicken(`… import_ms = __toESM(require_ms());`); // … import_ms = __lazy(() => __toESM(require_ms()));
 * ```
 */
export function quicken(text: string): string {
  const helper = {
    find: /^var __toESM = \(mod, [\s\S]*?1 \? __defProp\(target, "default"[\s\S]*?\n\)\);$/m,
    by: "var __toESM = (mod) => Object.create(mod, { default: { value: mod } });",
  };
  const packages = {
    find: /^((?:var)? *import_\w+) = (__toESM\(require_\w+\(\)(?:, 1)?\));$/gm,
    by: "$1 = __lazy(() => $2);",
  };
  return LAZY + replaceFound(replaceFound(text, helper), packages);
}

/** V8 reads a text of one byte a character in half the time; each character may be written so in strings and patterns. */
const inAscii = (text: string): string =>
  text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** What is in a script of its own: how the program asks for it, and what the bundler must leave out of the program for it. */
const PARTS = [
  { name: "sdk", asked: /\bimport\("\.\.\/sdk\/\w+\.ts"\)/g, left: ["../sdk/*"] },
  {
    name: "proxy",
    asked: /\bimport\("(?:(?:\.\.\/)+proxy\/start_proxy|\.\/sockets_\w+)\.ts"\)/g,
    left: ["*/proxy/start_proxy.ts", "./sockets_*"],
  },
] as const;

/** What the scripts have in common, as who catches an error asks of which class it is. */
const COMMON = "*/core/errors.ts";

/**
 * Bundles the source, the Azure packages and the proxy apart, each as a function of `require`, `module` and `importPart`.
 *
 * @param folder where what is made on the way goes
 * @param to where the scripts go
 * @returns their paths
 */
async function bundleScripts(folder: string, to: string): Promise<readonly string[]> {
  const source = join(ROOT, "src");
  const sdkFiles = readdirSync(join(source, "azure", "sdk")).sort().map((name) => join("azure", "sdk", name));
  const entryOf = (name: string, files: readonly string[]): string => {
    const path = join(folder, `${name}.ts`);
    writeFileSync(path, files.map((file) => `export * from "${pathToFileURL(join(source, file)).href}";\n`).join(""));
    return path;
  };
  const bundleTo = async (
    entry: string,
    { to, options }: { readonly to: string; readonly options: readonly string[] },
  ): Promise<string> =>
    readFileSync(await bundle(entry, join(folder, to), { options: ["--format", "cjs", ...options] }), "utf8");
  const without = (names: readonly string[]) => names.map((name) => `--external=${name}`);
  const left = without(PARTS.flatMap((part): readonly string[] => part.left));
  const whole = await bundleTo(join(LAUNCH, "program.ts"), { to: "whole", options: left });
  const sdk = await bundleTo(entryOf("sdk", sdkFiles), { to: "whole", options: [] });
  const proxyFiles = [join("proxy", "start_proxy.ts"), join("host", "sockets_deno.ts")];
  const proxy = await bundleTo(entryOf("proxy", proxyFiles), { to: "whole", options: without([COMMON]) });
  const program = PARTS.reduce(
    (text, { name, asked }) => replaceFound(text, { find: asked, by: `importPart("${name}")` }),
    whole,
  );
  const texts = { program, sdk, proxy };
  for (const name of SCRIPTS) {
    const quick = join(folder, `${name}.cjs`);
    writeFileSync(quick, quicken(texts[name]));
    const small = await bundleTo(quick, { to: "small", options: ["--minify", "--no-check", ...without([COMMON])] });
    if (/\bimport\(/.test(small)) {
      throw new BuildError(`Cannot make a script of "${name}": it imports more when it runs`, "import that at its top");
    }
    writeFileSync(join(to, `${name}.txt`), `(function (require, module, importPart) {${inAscii(small)}\n})`);
  }
  return SCRIPTS.map((name) => join(to, `${name}.txt`));
}

/** Compiles the program that warms the scripts up, and has it do so. */
async function warmUp(from: string, include: readonly string[]): Promise<readonly string[]> {
  const program = join(dirname(from), `warm_up${Deno.build.os === "windows" ? ".exe" : ""}`);
  await compileDeno({ from, to: program, include });
  return await warmUpBy([program], dirname(from));
}

/** Runs the scripts once, beside the program that does so, and keeps the code that V8 has made of them by then. */
async function warmUpBy([program = "", ...args]: readonly string[], folder: string): Promise<readonly string[]> {
  // No others: by them the program would go other ways, and its code would be another one.
  const kept = ["SystemRoot", "TEMP", "TMP", "TMPDIR", "LD_LIBRARY_PATH"].flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const env = {
    ...Object.fromEntries(kept),
    ...ENV,
    MLFLOW_AUTH_CA_BUNDLE: join(folder, "ca.pem"),
    HOME: folder,
    USERPROFILE: folder,
  };
  // Any certificate: nobody is connected to.
  writeFileSync(env.MLFLOW_AUTH_CA_BUNDLE, rootCertificates[0] ?? "");
  const { status, text } = await run(program, [...args, folder, CANARY], { env, clearEnv: true });
  const codes = SCRIPTS.map((name) => join(folder, `${name}.code`));
  if (status !== 0 || !codes.every((path) => existsSync(path))) {
    throw new BuildError(`Cannot warm up the program:\n${tail(text)}`, "run deno task test:unit");
  }
  const holding = codes.find((path) => readFileSync(path).includes(CANARY));
  if (holding !== undefined) {
    throw new BuildError(`Cannot use "${holding}": it holds a secret that was read`, "look at how V8 keeps its code");
  }
  return codes;
}

/** Writes a code file that holds none, for a system whose code cannot be made here: what the program asks for is always inside it. */
function withoutCode(path: string): string {
  writeFileSync(path, "");
  return path;
}

/**
 * Makes an executable of the program that starts quickly: three scripts, so that the Azure packages and the proxy are read only when
 * they are needed, with the code that V8 makes of them, so that it is not made anew for each run. V8's code is of one system: an executable
 * for another has none, does the same, and takes half as long again.
 *
 * @param options a folder for what is made on the way, and from where to where
 * @throws BuildError where it cannot be made
 */
export async function compileProgram(
  { folder, to, target }: Pick<CompileOptions, "to" | "target"> & { readonly folder: string },
): Promise<void> {
  const files = join(folder, "files");
  const launch = await bundle(join(LAUNCH, "launch.ts"), files);
  const warm = await bundle(join(LAUNCH, "warm_up.ts"), files);
  const sources = await bundleScripts(folder, files);
  const own = target === undefined || target === Deno.build.target;
  const codes = own ? await warmUp(warm, sources) : SCRIPTS.map((name) => withoutCode(join(folder, `${name}.code`)));
  await compileDeno({ from: launch, to, target, include: [...sources, ...codes] });
}

/**
 * Makes the same program for `deno run`, of any version: what it does there is what it would do compiled by that version, at the same
 * speed but for the reading of its files.
 *
 * @param options a folder for its files, and path of the Deno that is to run it
 * @returns the words that start it; add its arguments
 * @throws BuildError where it cannot be made
 */
export async function runnableProgram(
  { folder, deno }: { readonly folder: string; readonly deno: string },
): Promise<readonly [string, ...string[]]> {
  const files = join(folder, "files");
  const launch = await bundle(join(LAUNCH, "launch.ts"), files);
  const warm = await bundle(join(LAUNCH, "warm_up.ts"), files);
  await bundleScripts(folder, files);
  const words = ["run", "--quiet", "--cached-only", ...BUNDLE_FLAGS];
  await warmUpBy([deno, ...words, warm], files);
  return [deno, ...words, launch];
}
