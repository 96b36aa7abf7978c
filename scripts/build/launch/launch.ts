// What the compiled program runs: `src/main.ts` for a program in three scripts. The Azure packages and the proxy are read when they are needed.
import process from "node:process";
import { loadScript, type ScriptParts } from "./load_script.ts";

/**
 * Takes a file out of the executable as a module. It must not be read by its name: that lies in the folder of TMPDIR, and Deno reads
 * nothing below /dev/shm, /proc or /sys without every permission there is.
 */
async function embedded<T>(name: string, type: "text" | "bytes"): Promise<T> {
  const { default: content } = await import(new URL(name, import.meta.url).href, { with: { type } });
  return content;
}

async function load<T>(name: string, parts?: ScriptParts): Promise<T> {
  // It is a short cut and no more: where it cannot be had, the program starts from its source.
  const code = embedded<Uint8Array>(`${name}.code`, "bytes").catch(() => undefined);
  const files = { name, source: await embedded<string>(`${name}.txt`, "text"), code: await code };
  return loadScript<T>(files, parts).exports;
}

const loaded = new Map<string, Promise<unknown>>();
const { main, failStray, makeHost, watchStray, common } = await load<typeof import("./program.ts")>("program", {
  importPart,
});

/** Another script, once. */
function importPart(name: string): Promise<unknown> {
  const part = loaded.get(name) ?? load(name, { common });
  loaded.set(name, part);
  return part;
}

const host = makeHost();
const argv = process.argv.slice(2);
const end = watchStray((thrown) => failStray(thrown, { argv, host }));
process.exitCode = await Promise.resolve().then(() => main(argv, host)).catch(end);
