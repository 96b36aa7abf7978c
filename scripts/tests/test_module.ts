import { relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ROOT } from "../build/build.ts";

/**
 * Makes a module that imports files of tests one after another, and fails for each that cannot be read to its end. `deno test` would
 * pass such a file with the tests that come before the error, once one of them is of `node:test`.
 *
 * @param paths the files
 * @returns the module's text
 *
 * @example
 * ```ts
 * import { testModule } from "./test_module.ts";
 * import assert from "node:assert/strict";
 *
 * assert.match(testModule(["/a.test.ts"]), /^await import\("file:\/\/\/a\.test\.ts"\)\.catch\(/);
 * ```
 */
export const testModule = (paths: readonly string[]): string =>
  paths.map((path) => {
    const { href } = pathToFileURL(path);
    const name = JSON.stringify(`${relative(ROOT, fileURLToPath(href))} is read to its end`);
    return `await import("${href}").catch((error) => Deno.test(${name}, () => { throw error; }));\n`;
  }).join("");
