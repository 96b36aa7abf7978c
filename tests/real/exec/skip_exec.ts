import process from "node:process";
import { skipUnless } from "../../support/skip.ts";
import { has } from "./tools.ts";
import { builds } from "./variants.ts";

/**
 * Looks for what comparing commands takes.
 *
 * @returns what `test(name, { skip })` takes
 */
export function skipExec(): string | false {
  const why = obstacle();
  return skipUnless(why === undefined, why ?? "");
}

function obstacle(): string | undefined {
  if (process.platform !== "linux") return "the probe is written for Linux";
  const missing = ["cc", "bash", "dash", "setsid", "flock", "script"].filter((tool) => !has(tool));
  if (missing.length > 0) {
    return `${missing.join(", ")} not installed: apt-get install gcc libc6-dev bash dash util-linux`;
  }
  return builds().length === 0 ? "no build: deno task compile" : undefined;
}
