// What the compiled program runs: `src/main.ts` for a program in several scripts, which are read when they are needed.
import { gatherEntropy } from "./entropy.ts";
import { loadScript } from "./load_script.ts";

gatherEntropy({ args: Deno.args, version: Deno.version.deno, cache: Deno.env.get("MLFLOW_AUTH_CACHE") });
// Not by import statements: those come before everything else, and take up to twenty milliseconds.
const [{ default: process }, { default: vm }] = await Promise.all([import("node:process"), import("node:vm")]);

/**
 * Takes a file out of the executable as a module. It must not be read by its name: that lies in the folder of TMPDIR, and Deno reads
 * nothing below /dev/shm, /proc or /sys without every permission there is. As bytes: of a text Deno takes twelve instructions a
 * character.
 */
async function embedded(name: string): Promise<Uint8Array> {
  const { default: content } = await import(new URL(name, import.meta.url).href, { with: { type: "bytes" } });
  return content;
}

async function load(name: string): Promise<void> {
  // It is a short cut and no more: where it cannot be had, the program starts from its source.
  const code = embedded(`${name}.code`).catch(() => undefined);
  const files = { name, source: new TextDecoder().decode(await embedded(`${name}.txt`)), code: await code };
  loadScript(files, { parts, importPart, process, vm });
}

const parts: Record<string, () => unknown> = {};
const loaded = new Map<string, Promise<void>>();

/** A part of a script, which is read once. */
async function importPart(script: string, part: string): Promise<unknown> {
  const loading = loaded.get(script) ?? load(script);
  loaded.set(script, loading);
  await loading;
  return parts[part]?.();
}

const { main, failStray, makeHost, watchStray } = await importPart(
  "program",
  "./program.js",
) as typeof import("./program.ts");
const host = makeHost();
const argv = process.argv.slice(2);
const end = watchStray((thrown) => failStray(thrown, { argv, host }));
process.exitCode = await Promise.resolve().then(() => main(argv, host)).catch(end);
