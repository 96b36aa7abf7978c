import process from "node:process";
import vm from "node:vm";

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
export interface ScriptParts {
  /** Gives what another script exports. */
  readonly importPart?: (name: string) => Promise<unknown>;
  /** The module that is not in this script but in the program's. */
  readonly common?: unknown;
}

/**
 * Evaluates a script.
 *
 * @param files its source and code
 * @param parts what the program calls in place of `import()` of what is in a script of its own, and what such a script has in common
 * with the program
 * @returns the script, and what it exports
 */
export function loadScript<T>(
  { name, source, code }: ScriptFiles,
  { importPart, common }: ScriptParts = {},
): { readonly script: vm.Script; readonly exports: T } {
  const script = new vm.Script(source, { filename: `${name}.js`, ...(code === undefined ? {} : { cachedData: code }) });
  const module: { exports?: T } = {};
  const require = (id: string): unknown => id.startsWith("node:") ? process.getBuiltinModule(id) : common;
  script.runInThisContext()(require, module, importPart);
  return { script, exports: module.exports as T };
}
