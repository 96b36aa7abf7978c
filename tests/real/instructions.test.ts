import "../support/guard.ts";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { floorOf, NOT_A_PROGRAM } from "../../scripts/bench/bench_builds.ts";
import { valgrindCounter } from "../../scripts/bench/instructions.ts";
import { BuildError, withTemporaryFolder } from "../../scripts/build/build.ts";
import { startAzure } from "../support/azure/start_azure.ts";
import { programBuilds } from "../support/builds.ts";
import { skipUnless } from "../support/skip.ts";

/** What a command may grow by before the file of the bounds has to say so, in the same commit. */
const GROWTH = 1.02;

/**
 * User instructions of a command, as a ratio to those of an empty program of the same base runtime on the same machine: times vary
 * with what else it does, and counts with its processor, but the ratio of two counts does not.
 */
const BASELINE = new URL("instructions.json", import.meta.url);

const count = await valgrindCounter();
const noCounter = skipUnless(count !== undefined, "valgrind is not installed: sudo apt-get install -y valgrind");

const compiled = programBuilds().find(({ name }) => name === "deno");

/** Makes the empty program; why not, where this machine has no runtime to join it to. */
async function emptyProgram(folder: string): Promise<string | { readonly reason: string }> {
  try {
    return await floorOf("empty", { runtime: "deno", folder });
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    return { reason: error.message };
  }
}

test(
  "exec and --help take no more instructions than before",
  { skip: noCounter || compiled?.skip },
  async (context) => {
    await using azure = await startAzure();
    await withTemporaryFolder(async (folder) => {
      const empty = await emptyProgram(folder);
      if (typeof empty !== "string") return context.skip(empty.reason);
      assert.ok(count !== undefined && compiled !== undefined);
      const env = {
        PATH: "/usr/local/bin:/usr/bin:/bin",
        HOME: folder,
        TMPDIR: folder,
        ...azure.vault(),
        ...azure.direct,
        ...await azure.identity("client-secret"),
      };
      const [program, ...words] = compiled.command;
      const counted = (name: string, args: readonly string[]): Promise<number> =>
        count({ name, command: [program, ...words, ...args] }, { env, inside: [] });
      const floor = await count({ name: "an empty program", command: [empty] }, { env, inside: [] });
      const help = await counted("--help", ["--help"]) / floor;
      const exec = await counted("exec", ["exec", "--", NOT_A_PROGRAM]) / floor;
      // That the file is no program is all that went wrong: three requests were made.
      assert.deepEqual(azure.requests.map(({ service }) => service).sort(), ["entra", "vault", "vault"]);
      const bounds: unknown = JSON.parse(readFileSync(BASELINE, "utf8"));
      for (const [name, ratio] of Object.entries({ exec, help })) {
        const bound = Number(Reflect.get(Object(bounds), name));
        const found = ratio.toFixed(3);
        console.log(`${name}: ${found} times the instructions of an empty program, ${bound} is committed`);
        assert.ok(
          ratio <= bound * GROWTH,
          `${name} takes ${found} times the instructions of an empty program, and ${bound} is committed: ` +
            `make it cheaper, or write ${found} into ${
              join("tests", "real", "instructions.json")
            } and say in the commit what it is for`,
        );
      }
    });
  },
);
