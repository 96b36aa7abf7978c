/**
 * Makes the executable of Deno for a quick start. `deno compile` of src/main.ts would do the same work, more slowly: most of what `exec`
 * costs is the reading of its own source.
 *
 * - Scripts, not modules: V8 takes code that was kept (`cachedData`) for a script alone, and Deno's own cache is written at run time.
 * - More than one: each run reads `program`; what an `import()` asks for is in another, which is read then (group_parts.ts).
 * - V8's code beside them: the program runs once here, with made-up answers, and leaves the code of all that ran. V8 refuses it for
 *   another source, version or system and compiles the source: a short cut, never another program.
 * - The first line that reads them is `await load("program")` in launch/launch.ts, by `new vm.Script` in launch/load_script.ts.
 * - To do without: `compileDeno({ from: await bundle(join(ROOT, "src", "main.ts"), folder), to })`, as compile.ts does for Bun.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { rootCertificates } from "node:tls";
import { BuildError, BUNDLE_FLAGS, compileDeno, type CompileOptions, ROOT } from "./build.ts";
import { bundle, bundleAll } from "./bundle.ts";
import { DYNAMIC, type Group, groupParts, STATIC } from "./group_parts.ts";
import { quicken } from "./quicken.ts";
import { run, tail } from "./run_tool.ts";
import { noting, setAside } from "./set_aside.ts";

/** Where what the executables run lies. */
export const LAUNCH: string = join(ROOT, "scripts", "build", "launch");

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
  MLFLOW_TRACKING_URI: "https://mlflow.example",
} as const;

/** V8 reads a text of one byte a character in half the time; each character may be written so in strings and patterns. */
const inAscii = (text: string): string =>
  text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** How the bundler names the members of a part for another: `import { a, b as c } from "./program-1.js"`. */
const NAMED = /\bimport \{([^}]*)\} from "(\.\/[^"\n]+)"/g;

/** What a part is called for those of the same script. */
const OWN = "own-";

/** A script: what it is called, and the parts of the bundle that it is made of. */
interface Script extends Group {
  readonly name: string;
}

/**
 * Bundles the source with all that it imports as scripts, each a function of `require`, `module` and `importPart`: that of the program,
 * and one for what an `import()` asks for. Where the source has an `import()`, so have they.
 *
 * @param folder where what is made on the way goes
 * @param to where the scripts go
 * @returns their paths
 */
export async function bundleScripts(folder: string, to: string): Promise<readonly string[]> {
  const whole = join(folder, "whole");
  const main = basename(await bundle(join(LAUNCH, "program.ts"), whole, { options: ["--code-splitting"] }));
  const files = new Map(readdirSync(whole).sort().map((name) => [name, readFileSync(join(whole, name), "utf8")]));
  const scripts = groupParts(files, main).map((group, at): Script => ({
    name: at === 0 ? "program" : `part-${at}`,
    ...group,
  }));
  const scriptOf = (part: string) => scripts.find(({ asked }) => asked.includes(part))?.name ?? "program";
  for (const script of scripts) {
    for (const part of script.parts) {
      const asking = (files.get(part) ?? "").replace(
        DYNAMIC,
        (_, other: string) => `importPart("${scriptOf(other)}", "./${other}")`,
      );
      // What is of the same script is called otherwise, so that one call of the bundler knows for all what it has to leave out.
      const own = asking.replace(
        STATIC,
        (found, other: string) => script.parts.has(other) ? found.replace("./", `./${OWN}`) : found,
      );
      writeFileSync(join(whole, OWN + part), quicken(own));
    }
    writeFileSync(join(whole, `${script.name}.js`), givenBy(script, files));
  }
  const options = ["--no-check", "--format", "cjs", ...[...files.keys()].map((part) => `--external=./${part}`)];
  const scriptsIn = (folder: string) => scripts.map(({ name }) => join(folder, name));
  const quick = join(folder, "quick");
  const quickened = new Map<string, string>();
  for (const path of await bundleAll(scriptsIn(whole).map((path) => `${path}.js`), quick, { options })) {
    quickened.set(basename(path, ".js"), quicken(readFileSync(path, "utf8")));
  }
  const used = await usedBy(quickened, join(folder, "noting"));
  for (const [name, text] of quickened) {
    const names = used.get(name);
    writeFileSync(join(quick, `${name}.cjs`), names === undefined ? text : setAside(text, names));
  }
  await keepNames(scriptsIn(quick));
  const small = await bundleAll(scriptsIn(quick).map((path) => `${path}.cjs`), join(folder, "small"), {
    options: ["--minify", ...options],
  });
  for (const path of small) {
    const text = inAscii(readFileSync(path, "utf8"));
    writeFileSync(join(to, basename(path).replace(/js$/, "txt")), asScript(text));
  }
  return scripts.map(({ name }) => join(to, `${name}.txt`));
}

const asScript = (text: string): string => `(function (require, module, importPart) {${text}\n})`;

/** Runs the scripts once, as {@link warmUpBy} will, and notes what they use of what they declare. */
async function usedBy(
  scripts: ReadonlyMap<string, string>,
  folder: string,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const warm = await bundle(join(LAUNCH, "warm_up.ts"), folder);
  const sources = [...scripts].map(([name, text]) => {
    const path = join(folder, `${name}.txt`);
    writeFileSync(path, asScript(noting(text, name)));
    return path;
  });
  await warmUpBy([Deno.execPath(), "run", "--quiet", "--cached-only", ...BUNDLE_FLAGS, warm], sources);
  const used = new Map<string, Set<string>>();
  for (const line of readFileSync(join(folder, "used"), "utf8").split("\n")) {
    const [script = "", name = ""] = line.split(" ");
    used.set(script, (used.get(script) ?? new Set()).add(name));
  }
  return used;
}

/** Fails where a script names what is no longer declared in it: that would be found out where the name is used, and perhaps by a user. */
async function keepNames(scripts: readonly string[]): Promise<void> {
  const undeclared = async (ending: string): Promise<ReadonlySet<string>> => {
    const files = scripts.map((path) => `${path}.${ending}`);
    const rule = ["--no-config", "--rules-tags=", "--rules-include=no-undef", "--json"];
    const { text } = await run(Deno.execPath(), ["lint", ...rule, ...files]);
    return new Set([...text.matchAll(/"message": "(\S+) is not defined"/g)].map(([, name = ""]) => name));
  };
  const [bundled, quick] = await Promise.all([undeclared("js"), undeclared("cjs")]);
  const lost = [...quick].filter((name) => !bundled.has(name));
  if (bundled.has("require") && quick.has("require") && lost.length === 0) return;
  throw new BuildError(
    lost.length === 0
      ? "Cannot check the scripts: what they name was not seen"
      : `Cannot set aside "${lost.join(", ")}": the scripts still name it`,
    "correct scripts/build/set_aside.ts",
  );
}

/** The source of a module with what the other scripts ask for of a script, and what they take from it besides. */
function givenBy({ asked, parts }: Script, files: ReadonlyMap<string, string>): string {
  const elsewhere = [...files].filter(([part]) => !parts.has(part));
  const named = elsewhere.flatMap(([, text]) => [...text.matchAll(NAMED)].map(([, , part = ""]) => part.slice(2)));
  const given = [...new Set([...asked, ...named])].filter((part) => parts.has(part));
  return given.map((part) => `export * as "./${part}" from "./${OWN}${part}";\n`).join("");
}

/** Bundles the scripts, and what warms them up beside them. */
async function bundleWarmUp(
  folder: string,
): Promise<{ readonly files: string; readonly warm: string; readonly sources: readonly string[] }> {
  const files = join(folder, "files");
  return { files, warm: await bundle(join(LAUNCH, "warm_up.ts"), files), sources: await bundleScripts(folder, files) };
}

/** Compiles the program that warms the scripts up. */
async function compileWarmUp(from: string, sources: readonly string[]): Promise<string> {
  const program = join(dirname(from), `warm_up${Deno.build.os === "windows" ? ".exe" : ""}`);
  await compileDeno({ from, to: program, include: sources });
  return program;
}

/**
 * Makes V8's code of the program again and again: it has to be the same each time.
 *
 * @param folder a folder for what is made on the way
 * @param starters for each time, the words that the program is started by, such as `nohup`; none for itself
 * @returns for each time the codes one after the other
 * @throws BuildError where it cannot be made
 */
export async function makeCode(
  folder: string,
  starters: readonly (readonly string[])[],
): Promise<readonly Uint8Array[]> {
  const { warm, sources } = await bundleWarmUp(folder);
  const program = await compileWarmUp(warm, sources);
  const made: Uint8Array[] = [];
  for (const words of starters) {
    const codes = await warmUpBy([...words, program], sources);
    made.push(Buffer.concat(codes.map((path) => readFileSync(path))));
  }
  return made;
}

/** Runs the scripts once, beside the program that does so, and keeps the code that V8 has made of them by then. */
async function warmUpBy(
  [program = "", ...args]: readonly string[],
  sources: readonly string[],
): Promise<readonly string[]> {
  const folder = dirname(sources[0] ?? "");
  // No others: by them the program would go other ways, and its code would be another one.
  const kept = ["SystemRoot", "TEMP", "TMP", "TMPDIR", "LD_LIBRARY_PATH"].flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const env = {
    ...Object.fromEntries(kept),
    ...ENV,
    // Nobody else reads it now, for whose answer a run would wait.
    MLFLOW_AZURE_SECRET_NAME: `mlflow-${crypto.randomUUID()}`,
    MLFLOW_AUTH_CA_BUNDLE: join(folder, "ca.pem"),
    HOME: folder,
    USERPROFILE: folder,
  };
  // Any certificate: nobody is connected to.
  writeFileSync(env.MLFLOW_AUTH_CA_BUNDLE, rootCertificates[0] ?? "");
  const names = sources.map((path) => basename(path, ".txt"));
  const { status, text } = await run(program, [...args, folder, CANARY, ...names], { env, clearEnv: true });
  const codes = sources.map(codeOf);
  if (status !== 0 || !codes.every((path) => existsSync(path))) {
    throw new BuildError(`Cannot warm up the program:\n${tail(text)}`, "run deno task test:unit");
  }
  const holding = codes.find((path) => readFileSync(path).includes(CANARY));
  if (holding !== undefined) {
    throw new BuildError(`Cannot use "${holding}": it holds a secret that was read`, "look at how V8 keeps its code");
  }
  return codes;
}

/** Where the code of a script lies. */
const codeOf = (source: string): string => source.replace(/txt$/, "code");

/** Writes a code file that holds none, for a system whose code cannot be made here: what the program asks for is always inside it. */
function withoutCode(path: string): string {
  writeFileSync(path, "");
  return path;
}

/**
 * Makes an executable of the program that starts quickly: several scripts, so that what a run does not need is not read, with the code
 * that V8 makes of them, so that it is not made anew for each run. V8's code is of one system: an executable for another has none, does
 * the same, and takes half as long again.
 *
 * @param options a folder for what is made on the way, and from where to where
 * @throws BuildError where it cannot be made
 */
export async function compileProgram(
  { folder, to, target }: Pick<CompileOptions, "to" | "target"> & { readonly folder: string },
): Promise<void> {
  const { files, warm, sources } = await bundleWarmUp(folder);
  const launch = await bundle(join(LAUNCH, "launch.ts"), files);
  const own = target === undefined || target === Deno.build.target;
  const codes = own
    ? await warmUpBy([await compileWarmUp(warm, sources)], sources)
    : sources.map((source) => withoutCode(codeOf(source)));
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
  const { files, warm, sources } = await bundleWarmUp(folder);
  const launch = await bundle(join(LAUNCH, "launch.ts"), files);
  const words = ["run", "--quiet", "--cached-only", ...BUNDLE_FLAGS];
  await warmUpBy([deno, ...words, warm], sources);
  return [deno, ...words, launch];
}
