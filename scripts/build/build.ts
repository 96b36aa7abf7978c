import { existsSync, mkdirSync, readdirSync, statSync, utimesSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { buildEnvironment } from "./build_environment.ts";
import { run, tail } from "./run_tool.ts";

/**
 * What the program may do; what is left out (such as importing code from the network) is denied for good. Only `sys` can be given by
 * name. FFI by path does not work: Deno takes `libc.so.6` for a file of the working folder, and calls no function by its address then.
 * A list of programs to run would print a line for each that is not installed, refuse all of them where `LD_LIBRARY_PATH` is set, and
 * on Windows `exec` runs any command.
 */
export const PERMISSIONS = [
  "--allow-env",
  "--allow-ffi",
  "--allow-net",
  "--allow-read",
  "--allow-run",
  "--allow-sys=homedir,osRelease,uid",
  "--allow-write",
] as const;

/**
 * How V8 runs a program that ends soon: young objects are collected first after 8 MB, not after 1 MB (4 ms), and code goes from the
 * interpreter to the optimizing compiler without the two in between (4 ms). They stay at 8 MB: a proxy would have three times as much
 * from its first minutes on, for nothing that could be measured. One thread collects them: with several, a proxy on a busy machine stood
 * still for longer. How hot a function was is not kept in its code: that would be a matter of what another thread has done by then, and
 * differ from build to build.
 */
const V8_FLAGS =
  "--min-semi-space-size=8,--max-semi-space-size=8,--no-parallel-scavenge,--no-sparkplug,--no-maglev,--no-profile-guided-optimization";

/** What a bundle is compiled or run with: nothing that lies around it counts, and nothing is written when it runs. */
export const BUNDLE_FLAGS: readonly string[] = [
  "--no-check",
  "--no-config",
  "--no-lock",
  "--no-npm",
  "--no-remote",
  "--no-code-cache",
  "--unstable-raw-imports",
  `--v8-flags=${V8_FLAGS}`,
  ...PERMISSIONS,
];

/** The version of npm's `deno` that everything is run and built by: releases, CI, the benchmark. ARCHITECTURE.md says why this one. */
export const DENO_VERSION = "2.9.6";

/** The version of npm's `bun` that makes the second build. */
export const BUN_VERSION = "1.4.5";

/**
 * How many times as often as usual a function has to run before Bun makes machine code of it: most run once, and a fifth of the
 * processor time of `exec` went into code that was hardly used. `launch/launch_bun.ts` ends that where the program goes on.
 */
const BUN_RELUCTANCE = 100;

/** The targets of a release. */
export const TARGETS = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-unknown-linux-musl",
  "aarch64-unknown-linux-musl",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
] as const;

/** The root of the project. */
export const ROOT: string = resolve(import.meta.dirname ?? ".", "..", "..");

/** Most that a compiled program may have beyond its runtime. */
export const MAX_EXTRA_BYTES = 2.2 * 1024 * 1024;

/** What could not be built, and what to do about it. */
export class BuildError extends Error {
  override readonly name = "BuildError";
  readonly remedy: string;

  /**
   * @param message `Cannot <do what> "<with what>": <what is so>`
   * @param remedy one imperative
   */
  constructor(message: string, remedy: string) {
    super(message);
    this.remedy = remedy;
  }
}

/** What to compile. */
export interface CompileOptions {
  /** Path of a bundle's file to run. */
  readonly from: string;
  /** Path of the executable to write. */
  readonly to: string;
  /** Such as `aarch64-apple-darwin`; by default this machine's. */
  readonly target?: string | undefined;
  /** Paths of files to put beside it in the executable. */
  readonly include?: readonly string[];
}

const NO_RUNTIME_REMEDY = [
  "let this machine reach Deno's download server,",
  "or set DENORT_BIN (a denort) and COMPILE_DENO (the deno of the same version),",
  "or run deno task compile --bun (its runtime comes from npm)",
].join("\n        ");

/**
 * Compiles a bundle with Deno: `$COMPILE_DENO` where that is set, else the deno that runs this. `DENORT_BIN` passes through.
 *
 * @param options from where to where
 * @throws BuildError where there is no runtime to join the bundle to, or the executable holds more than the bundle
 */
export async function compileDeno({ from, to, target, include = [] }: CompileOptions): Promise<void> {
  for (const path of [...include, ...readdirSync(dirname(from)).map((name) => join(dirname(from), name))]) {
    // An executable holds the times of its files; with these it has the same bytes every time.
    utimesSync(path, 315_532_800, 315_532_800);
  }
  const deno = Deno.env.get("COMPILE_DENO") ?? Deno.execPath();
  const foreign = target !== undefined && target !== Deno.build.target;
  const more = [...(foreign ? ["--target", target] : []), ...include.flatMap((path) => ["--include", path])];
  const args = ["compile", ...BUNDLE_FLAGS, ...more, "-o", to, from];
  // DENORT_BIN is a runtime for this machine; an empty one counts as none.
  const own = { DENO_NO_PACKAGE_JSON: "1", NO_COLOR: "1", ...(foreign ? { DENORT_BIN: "" } : {}) };
  const env = { ...buildEnvironment(Deno.env.toObject()), ...own };
  const { status, text } = await run(deno, args, { env, clearEnv: true });
  if (status !== 0) {
    if (/base binary|error sending request|denort/i.test(text)) {
      const version = /\/v(\d[\d.]*)\//.exec(text)?.[1] ?? Deno.version.deno;
      const what = `"${foreign ? target : Deno.build.target}"`;
      throw new BuildError(
        `Cannot compile for ${what}: the runtime of Deno ${version} cannot be downloaded`,
        NO_RUNTIME_REMEDY,
      );
    }
    throw new BuildError(`Cannot compile "${from}":\n${tail(text)}`, `run ${deno} compile by hand`);
  }
  const denort = foreign ? undefined : Deno.env.get("DENORT_BIN");
  if (denort === undefined || denort === "") return;
  const extra = statSync(to).size - statSync(denort).size;
  if (extra > MAX_EXTRA_BYTES) {
    throw new BuildError(
      `Cannot use "${to}": it holds ${extra} bytes beyond its runtime, and ${MAX_EXTRA_BYTES} are allowed`,
      "look for a node_modules folder that was taken in, or a package that grew",
    );
  }
}

/** @returns the folder for what scripts and tests install: pinned versions, below the home folder */
export const cacheFolder = (): string => join(homedir(), ".cache", "mlflow-auth-tests");

/**
 * Installs npm's `bun` once, below the home folder.
 *
 * @returns path of its executable
 * @throws BuildError where npm is not there or cannot install it
 */
export async function installBun(): Promise<string> {
  const folder = join(cacheFolder(), `bun-${BUN_VERSION}`);
  // Its install script, which npm may not run, moves the program from the platform's package into this one.
  const find = (): string | undefined => {
    const modules = join(folder, "node_modules");
    const platforms = existsSync(join(modules, "@oven")) ? readdirSync(join(modules, "@oven")) : [];
    const folders = [...platforms.map((name) => join(modules, "@oven", name, "bin")), join(modules, "bun", "bin")];
    const paths = folders.flatMap((path) => [join(path, "bun"), join(path, "bun.exe")]);
    return paths.find((path) => existsSync(path) && statSync(path).size > 1024 * 1024);
  };
  const there = find();
  if (there !== undefined) return there;
  mkdirSync(folder, { recursive: true });
  const windows = Deno.build.os === "windows";
  const args = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", folder, `bun@${BUN_VERSION}`];
  const ran = await run(windows ? "cmd" : "npm", windows ? ["/c", "npm", ...args] : args).catch(() => undefined);
  const made = ran?.status === 0 ? find() : undefined;
  if (made === undefined) {
    throw new BuildError(
      `Cannot install "bun@${BUN_VERSION}": ${ran === undefined ? "npm is not installed" : tail(ran.text)}`,
      "install Node, whose npm brings bun, and let it reach the npm registry",
    );
  }
  return made;
}

/**
 * Compiles a bundle with npm's `bun`. Files of the working folder must not change the program, so both autoload flags are off. A
 * bundle in CommonJS (`.cjs`) becomes one file, in which a module is evaluated when it is first required.
 *
 * @param options from where to where; a target is one of bun's own, such as `bun-linux-arm64`
 * @throws BuildError where bun cannot be installed or cannot compile
 */
export async function compileBun({ from, to, target }: CompileOptions): Promise<void> {
  const bun = await installBun();
  const flags = ["--compile", "--no-compile-autoload-dotenv", "--no-compile-autoload-bunfig"];
  const form = from.endsWith(".cjs") ? ["--format=cjs"] : ["--splitting", "--format=esm"];
  const args = [
    "build",
    ...flags,
    "--bytecode",
    `--compile-jit-policy=${BUN_RELUCTANCE}`,
    // Bun writes the source anew.
    "--minify-whitespace",
    ...form,
    ...(target === undefined ? [] : [`--target=${target}`]),
    basename(from),
    "--outfile",
    resolve(to),
  ];
  // Bun writes into a program where its files lay, seen from the working folder.
  const options = { env: buildEnvironment(Deno.env.toObject()), clearEnv: true, cwd: dirname(from) };
  const { status, text } = await run(bun, args, options);
  if (status !== 0) {
    throw new BuildError(`Cannot compile "${from}" with bun:\n${tail(text)}`, `run ${bun} build by hand`);
  }
}

/**
 * Does something with a temporary folder that lies outside of the project, where no node_modules or config is found.
 *
 * @param use what to do with its path
 * @returns what that gave
 */
export async function withTemporaryFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir({ dir: tmpdir(), prefix: "mlflow-auth-" });
  try {
    return await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
