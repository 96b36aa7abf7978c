import assert from "node:assert/strict";
import { chmodSync, copyFileSync } from "node:fs";
import { basename, join } from "node:path";
import process from "node:process";
import { type Azure, startAzure } from "../../support/azure/start_azure.ts";
import type { Bench } from "./run_scenario.ts";
import { runSuite } from "./suite.ts";
import { makeBench } from "./tools.ts";
import { cachedVariantOf, proxiedVariantOf, variantOf } from "./variants.ts";

/** How the suite is run. */
export interface RunOptions {
  /** Number of the user and group that commands run as; by default those of whoever runs the tests. */
  readonly user?: number;
  /** Names of scenarios to run; by default those that MLFLOW_AUTH_EXEC_ONLY matches, else all. */
  readonly only?: RegExp;
  /** Whether a proxy is to stand beside the command. */
  readonly proxied?: boolean;
  /** Whether the kernel is to keep the credential. */
  readonly cached?: boolean;
}

/**
 * Runs the suite for a build and says what it saw.
 *
 * @param path the build
 * @param options as whom, and which scenarios
 * @throws {AssertionError} for a difference that nobody knows of
 */
export async function runFor(
  path: string,
  { user, only, proxied = false, cached = false }: RunOptions = {},
): Promise<void> {
  const { bench, remove } = makeBench(user);
  try {
    await using azure = await startAzure();
    const describe = proxied ? proxiedVariantOf : cached ? cachedVariantOf : variantOf;
    const variant = await describe(user === undefined ? path : reachable(path, { bench, azure }), azure);
    const { scenarios, different, known, soft, healed } = await runSuite(
      bench,
      variant,
      only ?? new RegExp(process.env["MLFLOW_AUTH_EXEC_ONLY"] ?? "^"),
    );
    const count = different.size + known.length;
    const who = user === undefined ? "" : ` as user ${user}`;
    console.log(`exec ${variant.name}${who}: scenarios ${scenarios}, different ${count}, soft ${soft.length}`);
    for (const [heading, names] of Object.entries({ known, soft, "known, but the same": healed })) {
      if (names.length > 0) console.log(`  ${heading}: ${names.join("; ")}`);
    }
    for (const [name, found] of different) {
      for (const { fact, direct, through } of found) {
        console.log(`  ${name}: ${fact}\n    direct:  ${direct}\n    through: ${through}`);
      }
    }
    assert.deepEqual([...different.keys()], []);
  } finally {
    remove();
  }
}

/** Copies a build to where any user finds it, and lets all of them read the stand-in's certificates. */
function reachable(path: string, { bench, azure }: { readonly bench: Bench; readonly azure: Azure }): string {
  const copy = join(bench.base, basename(path));
  copyFileSync(path, copy);
  chmodSync(copy, 0o755);
  chmodSync(azure.folder, 0o755);
  return copy;
}
