import type NodeProcess from "node:process";
import type NodeVm from "node:vm";
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
  /** Give the parts of the scripts that were evaluated, by their names; the script's own are added. */
  readonly parts: Record<string, () => unknown>;
  /** Gives a part of a script, which is read for it. */
  readonly importPart: (script: string, part: string) => Promise<unknown>;
  readonly process: typeof NodeProcess;
  readonly vm: typeof NodeVm;
}

/** How `node:os` calls the systems. */
const SYSTEMS: Readonly<Record<string, string>> = { linux: "Linux", darwin: "Darwin", windows: "Windows_NT" };

/**
 * Evaluates a script.
 *
 * @param files its source and code
 * @param world what it may ask for
 * @returns the script
 */
export function loadScript(
  { name, source, code }: ScriptFiles,
  { parts, importPart, process, vm }: ScriptWorld,
): NodeVm.Script {
  const script = new vm.Script(source, { filename: `${name}.js`, ...(code === undefined ? {} : { cachedData: code }) });
  const module: { readonly exports?: ScriptWorld["parts"] } = {};
  // To ask for any module takes four milliseconds with the first.
  const real = (id: string): unknown => id === "node:process" ? process : process.getBuiltinModule(id);
  const type = SYSTEMS[Deno.build.os];
  // What requests say of the system.
  const os = type === undefined
    ? {}
    : { "node:os": { type: () => type, release: Deno.osRelease, arch: () => process.arch } };
  const require = makeRequire((id) => parts[id]?.(), { real, shims: { ...webShims(real), ...os } });
  script.runInThisContext()(require, module, importPart);
  Object.assign(parts, module.exports);
  return script;
}
