// What the compiled program runs: `src/main.ts` for a program in two scripts. The second, the Azure packages, is read when it is needed.
import process from "node:process";
import { loadScript } from "./load_script.ts";

/** V8's code is of one system: a program that was compiled for another one has none. */
function codeOf(path: string): Uint8Array | undefined {
  try {
    return Deno.readFileSync(`${path}.code`);
  } catch {
    return undefined;
  }
}

function load<T>(name: string, importSdk?: () => Promise<unknown>): T {
  const path = `${import.meta.dirname}/${name}`;
  return loadScript<T>({ name, source: Deno.readTextFileSync(`${path}.txt`), code: codeOf(path) }, importSdk).exports;
}

const sdk: { exports?: unknown } = {};
const { main, makeHost } = load<typeof import("./program.ts")>(
  "program",
  () => Promise.resolve(sdk.exports ??= load("sdk")),
);
const host = makeHost();
process.exitCode = await Promise.resolve().then(() => main(process.argv.slice(2), host));
