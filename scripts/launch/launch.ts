// What the compiled program runs: `src/main.ts` for a program in two scripts. The second, the Azure packages, is read when it is needed.
import process from "node:process";
import { loadScript } from "./load_script.ts";

/**
 * Takes a file out of the executable as a module. It must not be read by its name: that lies in the folder of TMPDIR, and Deno reads
 * nothing below /dev/shm, /proc or /sys without every permission there is.
 */
async function embedded<T>(name: string, type: "text" | "bytes"): Promise<T> {
  const { default: content } = await import(new URL(name, import.meta.url).href, { with: { type } });
  return content;
}

async function load<T>(name: string, importSdk?: () => Promise<unknown>): Promise<T> {
  // It is a short cut and no more: where it cannot be had, the program starts from its source.
  const code = embedded<Uint8Array>(`${name}.code`, "bytes").catch(() => undefined);
  const files = { name, source: await embedded<string>(`${name}.txt`, "text"), code: await code };
  return loadScript<T>(files, importSdk).exports;
}

let sdk: Promise<unknown> | undefined;
const { main, makeHost } = await load<typeof import("./program.ts")>("program", () => sdk ??= load("sdk"));
const host = makeHost();
process.exitCode = await Promise.resolve().then(() => main(process.argv.slice(2), host));
