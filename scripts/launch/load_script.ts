import process from "node:process";
import vm from "node:vm";

/** A script, with the code that V8 made of it when the executable was built. */
export interface ScriptFiles {
  /** What stack traces call it. */
  readonly name: string;
  /** A function of `require`, `module` and `importSdk`. */
  readonly source: string;
  /** Where there is none, or none in it, or where it is of another V8, the source is compiled. */
  readonly code: Uint8Array | undefined;
}

/**
 * Evaluates a script.
 *
 * @param files its source and code
 * @param importSdk what the program calls in place of `import()` of the Azure packages
 * @returns the script, and what it exports
 */
export function loadScript<T>(
  { name, source, code }: ScriptFiles,
  importSdk?: () => Promise<unknown>,
): { readonly script: vm.Script; readonly exports: T } {
  const script = new vm.Script(source, { filename: `${name}.js`, ...(code === undefined ? {} : { cachedData: code }) });
  const module: { exports?: T } = {};
  script.runInThisContext()((id: string) => process.getBuiltinModule(id), module, importSdk);
  return { script, exports: module.exports as T };
}
