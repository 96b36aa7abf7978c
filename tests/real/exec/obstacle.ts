import process from "node:process";
import { has } from "./tools.ts";
import { builds } from "./variants.ts";

/**
 * Says why commands cannot be compared here.
 *
 * @returns the reason, or `undefined` where they can
 */
export function obstacle(): string | undefined {
  if (process.platform !== "linux") return "the probe is written for Linux";
  const missing = ["cc", "bash", "dash", "setsid", "flock", "script"].filter((tool) => !has(tool));
  if (missing.length > 0) {
    return `${missing.join(", ")} not installed: apt-get install gcc libc6-dev bash dash util-linux`;
  }
  return builds().length === 0 ? "no build: deno task compile" : undefined;
}
