import { writeSync } from "node:fs";
import process from "node:process";
import { isatty } from "node:tty";
import type { Sink } from "../core/host.ts";
import type { Start } from "./exec/start.ts";
import { partialWriter } from "./partial_write.ts";

// How long to wait where a pipe that does not block is full.
const FULL_MS = 5;
const DEFAULT_COLUMNS = 80;

/**
 * Makes a sink of a descriptor. Not `process.stdout`: to open that stream can make the descriptor, which other processes share,
 * one that does not block, and what it still holds when the program ends is lost.
 *
 * @param fd 1 or 2
 * @param start what the process was started with, where that is known
 * @returns the sink
 */
export function makeSink(fd: 1 | 2, start?: Start): Sink {
  const partial = start && partialWriter(start, fd);
  // isatty(3) is tcgetattr(3); in Bun the module that tells takes nine milliseconds.
  const isTerminal = (): boolean => start === undefined ? isatty(fd) : start.terminals[fd] !== undefined;
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
    isTerminal,
    isLost: () => start !== undefined && wasClosed(start, fd),
    columns: () => {
      if (!isTerminal()) return DEFAULT_COLUMNS;
      return (fd === 1 ? process.stdout : process.stderr).columns ?? DEFAULT_COLUMNS;
    },
  };
}

const ACCESS = 3;
const O_RDWR = 2;

/**
 * Whether a descriptor was closed when the program started. Both runtimes then open `/dev/null` in its place, to read and write, which a
 * redirection of a shell does not.
 */
function wasClosed({ files, stdioFlags }: Pick<Start, "files" | "stdioFlags">, fd: number): boolean {
  const flags = stdioFlags[fd] ?? -1;
  return flags < 0 || ((flags & ACCESS) === O_RDWR && files.link(`/proc/self/fd/${fd}`) === "/dev/null");
}
