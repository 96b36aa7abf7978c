import process from "node:process";
import vm from "node:vm";
import { makeRequire, webShims } from "./node_shims.ts";

/** A script, with the code that V8 made of it when the executable was built. */
export interface ScriptFiles {
  /** What stack traces call it. */
  readonly name: string;
  /** A function of `require`, `module` and `importPart`. */
  readonly source: string;
  /** Where there is none, or none in it, or where it is of another V8, the source is compiled. */
  readonly code: Uint8Array | undefined;
}

/** How scripts reach each other. */
export interface ScriptWorld {
  /** What the scripts that were evaluated give each other, by the name of the part that it is in; the script's own is added. */
  readonly parts: Record<string, unknown>;
  /** Gives a part of a script, which is read for it. */
  readonly importPart: (script: string, part: string) => Promise<unknown>;
}

/**
 * Evaluates a script.
 *
 * @param files its source and code
 * @param world what it may ask for
 * @returns the script
 */
export function loadScript({ name, source, code }: ScriptFiles, { parts, importPart }: ScriptWorld): vm.Script {
  const script = new vm.Script(source, { filename: `${name}.js`, ...(code === undefined ? {} : { cachedData: code }) });
  const module: { readonly exports?: Readonly<Record<string, unknown>> } = {};
  const real = (id: string): unknown => process.getBuiltinModule(id);
  const require = makeRequire((id) => parts[id], { real, shims: webShims(real) });
  script.runInThisContext()(require, module, importPart);
  Object.assign(parts, module.exports);
  return script;
}
