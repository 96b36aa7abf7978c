import { appendFileSync } from "node:fs";
import process from "node:process";

/** Names the file that gathers why tests were skipped; `scripts/test_all.ts` reads it. */
export const REASONS_FILE = "MLFLOW_AUTH_TEST_REASONS";

/**
 * The `skip` of a test that needs something this machine may not have; the reason is printed at the end of the run.
 *
 * @param isThere whether the machine has it
 * @param reason what is missing and how to get it
 * @returns what `test(name, { skip })` takes
 */
export function skipUnless(isThere: boolean, reason: string): string | false {
  if (isThere) return false;
  const path = process.env[REASONS_FILE];
  if (path !== undefined) appendFileSync(path, `${askingFile()}\t${reason.replaceAll(/\s+/g, " ")}\n`);
  return reason;
}

/**
 * The `skip` of a test that needs something which was looked for.
 *
 * @param found what was found, or why there is none, with how to get it
 * @returns what `test(name, { skip })` takes
 */
export const skipIfError = (found: unknown): string | false =>
  skipUnless(!(found instanceof Error), found instanceof Error ? found.message : "");

/** The file of tests that asks, which is the last of them on the stack; `""` where it is none. */
const askingFile = (): string => [...(new Error().stack ?? "").matchAll(/[\w./-]+\.test\.ts/g)].at(-1)?.[0] ?? "";
