import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { BuildError, compileDeno, type CompileOptions, ROOT } from "./build.ts";
import { bundle } from "./bundle.ts";
import { run, tail } from "./run_tool.ts";

/** The two scripts that the compiled program is made of; the second holds the Azure packages. */
const SCRIPTS = ["program", "sdk"] as const;

const LAUNCH = join(ROOT, "scripts", "launch");

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
    "look at what deno bundle makes now, and change the pattern in scripts/compile_program.ts",
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

/** What `import()` of an Azure package is in the program's bundle, and what loads the other script. */
const SDK_IMPORTS = { find: /\bimport\("\.\.\/sdk\/\w+\.ts"\)/g, by: "importSdk()" };

/**
 * Bundles the source and the Azure packages apart, each as a function of `require`, `module` and `importSdk`.
 *
 * @param folder where what is made on the way goes
 * @param to where the scripts go
 * @returns their paths
 */
async function bundleScripts(folder: string, to: string): Promise<readonly string[]> {
  const parts = join(ROOT, "src", "azure", "sdk");
  const all = readdirSync(parts).sort().map((name) => `export * from "${pathToFileURL(join(parts, name)).href}";\n`);
  writeFileSync(join(folder, "sdk.ts"), all.join(""));
  const bundleTo = async (
    entry: string,
    { to, options }: { readonly to: string; readonly options: readonly string[] },
  ): Promise<string> =>
    readFileSync(await bundle(entry, join(folder, to), { options: ["--format", "cjs", ...options] }), "utf8");
  const program = await bundleTo(join(LAUNCH, "program.ts"), { to: "whole", options: ["--external=../sdk/*"] });
  const sdk = await bundleTo(join(folder, "sdk.ts"), { to: "whole", options: [] });
  const texts = { program: replaceFound(program, SDK_IMPORTS), sdk };
  for (const name of SCRIPTS) {
    const quick = join(folder, `${name}.cjs`);
    writeFileSync(quick, quicken(texts[name]));
    const small = await bundleTo(quick, { to: "small", options: ["--minify", "--no-check"] });
    if (/\bimport\(/.test(small)) {
      throw new BuildError(`Cannot make a script of "${name}": it imports more when it runs`, "import that at its top");
    }
    writeFileSync(join(to, `${name}.txt`), `(function (require, module, importSdk) {${inAscii(small)}\n})`);
  }
  return SCRIPTS.map((name) => join(to, `${name}.txt`));
}

/** Runs the scripts once, beside the program that does so, and keeps the code that V8 has made of them by then. */
async function warmUp(from: string, include: readonly string[]): Promise<readonly string[]> {
  const folder = dirname(from);
  const program = join(folder, `warm_up${Deno.build.os === "windows" ? ".exe" : ""}`);
  await compileDeno({ from, to: program, include });
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
  const { status, text } = await run(program, [folder, CANARY], { env, clearEnv: true });
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
 * Makes an executable of the program that starts quickly: two scripts, so that the Azure packages are read only when they are
 * needed, with the code that V8 makes of them, so that it is not made anew for each run. V8's code is of one system: an executable
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
