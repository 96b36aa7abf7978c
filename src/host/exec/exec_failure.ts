import type { ExecFailure } from "../../core/host.ts";
import { readEntries } from "./environment_entries.ts";
import type { SystemFiles } from "../system_files.ts";

const ENOENT = 2;
const E2BIG = 7;
const EACCES = 13;

// Number on Linux, number on macOS, what the C library says.
const REASONS = [
  [1, 1, "operation not permitted"],
  [2, 2, "no such file or directory"],
  [5, 5, "input/output error"],
  [7, 7, "argument list too long"],
  [8, 8, "exec format error"],
  [11, 35, "resource temporarily unavailable"],
  [12, 12, "cannot allocate memory"],
  [13, 13, "permission denied"],
  [20, 20, "not a directory"],
  [21, 21, "is a directory"],
  [22, 22, "invalid argument"],
  [23, 23, "too many open files in system"],
  [24, 24, "too many open files"],
  [26, 26, "text file busy"],
  [36, 63, "file name too long"],
  [40, 62, "too many levels of symbolic links"],
  [80, 85, "bad executable"],
] as const;

/** The longest argument and the longest `NAME=value` that Linux takes, without the NUL byte. */
export const LONGEST_STRING = 131071;

/** The system's words for an error number. */
export function reasonOf(errno: number, darwin: boolean): string {
  const row = REASONS.find(([linux, apple]) => (darwin ? apple : linux) === errno);
  return row === undefined ? `system error ${errno}` : row[2];
}

/** What was to be run: arguments, the command first, and environment. */
export interface Attempt {
  readonly strings: readonly Uint8Array<ArrayBuffer>[];
  readonly entries: readonly Uint8Array<ArrayBuffer>[];
}

const text = (bytes: Uint8Array<ArrayBuffer>): string => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);

/**
 * Says where a command is looked for, as `execvp(3)` does.
 *
 * @param command the command's name
 * @param path the variable PATH; unset means `/bin:/usr/bin`
 * @returns paths, in order; a name with a slash is the only one
 */
export function candidates(command: string, path = "/bin:/usr/bin"): readonly string[] {
  if (command.includes("/")) return [command];
  return path.split(":").map((folder) => folder === "" ? `./${command}` : `${folder}/${command}`);
}

/**
 * Finds the file that a command names.
 *
 * @param files how to look
 * @param attempt the command and its environment
 * @returns the path, or `undefined` where there is none
 */
export function findCommand(files: Pick<SystemFiles, "exists">, attempt: Attempt): string | undefined {
  const command = text(attempt.strings[0] ?? new Uint8Array());
  if (command === "") return undefined;
  return candidates(command, readEntries(attempt.entries)["PATH"]).find(files.exists);
}

/**
 * Names what a file needs to be run, and so what is missing if the file itself is there.
 *
 * @param head the first bytes of the file
 * @returns such as `interpreter "/bin/sh"`
 */
export function interpreterOf(head: Uint8Array<ArrayBuffer>): string {
  const line = text(head).split("\n", 1)[0] ?? "";
  if (!line.startsWith("#!")) return "program loader";
  const interpreter = line.slice(2).replace(/^[ \t]+/, "").split(/[ \t]/, 1)[0] ?? "";
  return `interpreter ${JSON.stringify(interpreter)}`;
}

/** The largest variable or argument that is too large to be handed on by itself. */
function tooLarge({ strings, entries }: Attempt): ExecFailure {
  const entry = entries.findLast((candidate) => candidate.length > LONGEST_STRING);
  if (entry !== undefined) {
    const variable = text(entry.subarray(0, Math.max(0, entry.indexOf(61, 1))));
    const reason = `it has ${entry.length} bytes with its name, ${LONGEST_STRING} is the most the system takes`;
    return { kind: "too-large", reason, variable };
  }
  const at = strings.findIndex((candidate) => candidate.length > LONGEST_STRING);
  if (at < 0) return { kind: "too-large", reason: "argument list too long" };
  const reason = `argument ${at} has ${strings[at]?.length} bytes, ${LONGEST_STRING} is the most the system takes`;
  return { kind: "too-large", reason };
}

/**
 * Turns the error of `execvp(3)` into what to tell people.
 *
 * @param files how to look at the command's file
 * @param attempt the error number, the command and its environment
 * @returns the failure: `not-found` for what a shell reports with 127, else one of 126
 */
export function explainFailure(
  files: Pick<SystemFiles, "exists" | "read">,
  attempt: Attempt & { readonly errno: number; readonly darwin: boolean },
): ExecFailure {
  const { errno, darwin } = attempt;
  // macOS limits the whole alone.
  if (errno === E2BIG) return darwin ? { kind: "too-large", reason: reasonOf(E2BIG, darwin) } : tooLarge(attempt);
  const path = findCommand(files, attempt);
  if (errno === EACCES && path !== undefined && files.exists(`${path}/.`)) {
    return { kind: "not-runnable", reason: "is a directory" };
  }
  if (errno !== ENOENT) return { kind: "not-runnable", reason: reasonOf(errno, darwin) };
  if (path !== undefined) {
    const head = files.read(path, 256) ?? new Uint8Array();
    return { kind: "not-found", reason: `its ${interpreterOf(head)} does not exist` };
  }
  const searched = !text(attempt.strings[0] ?? new Uint8Array()).includes("/");
  return { kind: "not-found", reason: searched ? "not found in PATH" : reasonOf(ENOENT, darwin) };
}
