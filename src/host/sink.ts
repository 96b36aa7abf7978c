import { writeSync } from "node:fs";
import process from "node:process";
import { isatty } from "node:tty";
import type { Sink } from "../core/host.ts";
import type { PartialWrite } from "./partial_write.ts";

// How long to wait where a pipe that does not block is full.
const FULL_MS = 5;
const DEFAULT_COLUMNS = 80;

/**
 * Makes a sink of a descriptor. Not `process.stdout`: to open that stream can make the descriptor, which other processes share,
 * one that does not block, and what it still holds when the program ends is lost.
 *
 * @param fd 1 or 2
 * @param partial how to write where the descriptor does not block
 * @returns the sink
 */
export function makeSink(fd: 1 | 2, partial?: PartialWrite): Sink {
  return {
    write: async (text) => {
      const bytes = new TextEncoder().encode(text);
      for (let at = 0; at < bytes.length;) {
        const written = partial?.(bytes.subarray(at)) ?? -1;
        if (written === 0) await new Promise((resolve) => setTimeout(resolve, FULL_MS));
        // Where there is an error, this throws it by its name.
        at += written >= 0 ? written : writeSync(fd, bytes, at);
      }
    },
    isTerminal: () => isatty(fd),
    columns: () => {
      if (!isatty(fd)) return DEFAULT_COLUMNS;
      return (fd === 1 ? process.stdout : process.stderr).columns ?? DEFAULT_COLUMNS;
    },
  };
}
