import { oneLine } from "./one_line.ts";

/** Log levels, the most talkative first. */
export const LEVELS = ["DEBUG", "INFO", "WARNING", "ERROR"] as const;

/** One of {@link LEVELS}. */
export type Level = typeof LEVELS[number];

/** Writes one line for people; what it is given must hold no secret, header or body. */
export interface Log {
  /** A function is called only where its line is written. */
  readonly debug: (line: string | (() => string)) => void;
  readonly info: (line: string) => void;
  readonly warning: (line: string) => void;
}

/**
 * Makes a log that writes lines of at least one level.
 *
 * @param level the lowest level that is written
 * @param write takes one line without its newline
 * @returns the log; its lines begin with `mlflow-auth:` and, but for `INFO`, the level
 *
 * @example
 * ```ts
 * import { makeLog } from "./log.ts";
 * import assert from "node:assert/strict";
 *
 * const lines: string[] = [];
 * const log = makeLog("INFO", (line) => lines.push(line));
 * log.debug("not seen");
 * log.warning("secret expires in 2 days");
 * assert.deepEqual(lines, ["mlflow-auth: warning: secret expires in 2 days"]);
 * ```
 */
export function makeLog(level: Level, write: (line: string) => void): Log {
  const at = (own: Level, prefix: string) => (line: string | (() => string)): void => {
    if (LEVELS.indexOf(own) < LEVELS.indexOf(level)) return;
    write(`mlflow-auth: ${prefix}${oneLine(typeof line === "string" ? line : line())}`);
  };
  return { debug: at("DEBUG", "debug: "), info: at("INFO", ""), warning: at("WARNING", "warning: ") };
}
