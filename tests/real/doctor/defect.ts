import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import type { Failure } from "./failure.ts";

const MAIN = new URL("../../../dist/source/main.js", import.meta.url);

/** A defect is what nobody thought of; here the runtime breaks a promise of its own, under the program from source. */
export const DEFECT: Failure = {
  name: "a runtime in which URL.canParse() throws",
  code: "internal",
  arrange: async ({ folder }) => {
    const broken = join(folder, "broken.js");
    const sabotage = 'URL.canParse = () => { throw new RangeError("canary"); };';
    await writeFile(broken, `${sabotage}\nawait import(${JSON.stringify(MAIN.href)});\n`);
    return { BROKEN: pathToFileURL(broken).href, DENO: process.execPath, DENO_NO_UPDATE_CHECK: "1" };
  },
  shell: 'while [ "$1" != doctor ]; do shift; done; ' +
    'exec "$DENO" run --quiet --no-config --no-lock --no-remote --no-npm --no-check --allow-all "$BROKEN" "$@"',
};
