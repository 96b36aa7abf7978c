// What the Bun build runs: `src/main.ts` for a program in several scripts, which are evaluated when they are needed.
import type NodeProcess from "node:process";
import { type Hasher, makeRequire, webShims } from "./node_shims.ts";

/** Not by an import: the bundler would copy each of its members, of which `stdout` alone takes ten milliseconds. */
const process: typeof NodeProcess = Reflect.get(globalThis, "process");

/** What is used of Bun's own. */
interface Bun {
  /** What a run needs of Node's modules. */
  readonly CryptoHasher: Hasher;
  /** How many times as often as usual a function has to run before it is compiled. */
  readonly unsafe: { readonly setJITPolicy: (reluctance: number) => void };
}
const BUN: Bun = Reflect.get(globalThis, "Bun");

/** A program that runs for longer is one that goes on, such as a proxy: what it does again and again is worth compiling. */
const GOES_ON_MS = 1000;

/** Ends the reluctance to compile that the executable starts with (build.ts); a program that has ended by then does not wait for it. */
function compileWhatGoesOn(): void {
  const timer: { readonly unref?: () => void } = Object(setTimeout(() => BUN.unsafe.setJITPolicy(1), GOES_ON_MS));
  timer.unref?.();
}

/** A script, as the build writes it. */
type Script = (
  require: (id: string) => unknown,
  module: { exports: Readonly<Record<string, () => unknown>> },
  importPart: (script: string, part: string) => Promise<unknown>,
) => void;

/** What lies beside this in the executable, each read when it is called. */
export interface BesideBun {
  readonly scripts: Readonly<Record<string, () => Script>>;
  /** The runtime's own roots: to ask it for them takes six milliseconds more, as that starts its sockets. */
  readonly roots: () => readonly string[];
}

/**
 * Runs the program.
 *
 * @param beside its scripts
 */
export async function launch({ scripts, roots }: BesideBun): Promise<void> {
  compileWhatGoesOn();
  const parts: Record<string, () => unknown> = {};
  const evaluated = new Set<string>();
  const real = (id: string): unknown => process.getBuiltinModule(id);
  const shims = {
    ...webShims(real, { hasher: BUN.CryptoHasher }),
    "node:tls": {
      get rootCertificates(): readonly string[] {
        return roots();
      },
    },
  };
  const require = makeRequire((id) => parts[id]?.(), { real, shims });
  const importPart = (script: string, part: string): Promise<unknown> => {
    if (!evaluated.has(script)) {
      evaluated.add(script);
      const module = { exports: {} };
      scripts[script]?.()(require, module, importPart);
      Object.assign(parts, module.exports);
    }
    return Promise.resolve(parts[part]?.());
  };
  const { main, failStray, makeHost, watchStray } = await importPart(
    "program",
    "./program.js",
  ) as typeof import("./program.ts");
  const host = makeHost();
  const argv = process.argv.slice(2);
  const end = watchStray((thrown) => failStray(thrown, { argv, host }));
  process.exitCode = await main(argv, host).catch(end);
}
