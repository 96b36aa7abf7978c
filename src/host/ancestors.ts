import { execFileSync } from "node:child_process";
import process from "node:process";
import type { Ancestor } from "../core/host.ts";
import { splitAtNul } from "./exec/environment_entries.ts";
import type { SystemFiles } from "./system_files.ts";

const MOST = 12;

/** A process with the id of the one above it. */
export interface Link {
  readonly process: Ancestor;
  readonly parent: number;
}

/**
 * Reads the parent from `/proc/PID/stat`, whose second field is a name in parentheses that may hold anything.
 *
 * @param stat text of the file
 * @returns the parent's id, 0 where there is none
 */
export function parentOf(stat: string): number {
  const [, parent = "0"] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return /^\d+$/.test(parent) ? Number(parent) : 0;
}

/**
 * Reads from the same file where the system has put the code, the stack and the arguments of a program, which differs from start to
 * start.
 *
 * @param stat text of the file
 * @returns the addresses as one text, `""` where the system does not tell them
 */
export function layoutOf(stat: string): string {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // startcode, startstack, arg_start and env_start of proc_pid_stat(5), which counts from 1 and two fields earlier.
  const addresses = [26, 28, 48, 50].map((field) => fields[field - 3] ?? "0");
  return addresses.every((address) => /^0?$/.test(address)) ? "" : addresses.join(" ");
}

/**
 * Reads a line of `ps -ww -o ppid= -o args= -p PID`.
 *
 * @param line the line
 * @param pid which process it is of
 * @returns the process; macOS does not tell its executable, and arguments with spaces come apart
 */
export function readPsLine(line: string, pid: number): Link | undefined {
  const found = /^\s*(\d+)\s+(\S.*?)\s*$/.exec(line);
  if (found === null) return undefined;
  const argv = (found[2] ?? "").split(/\s+/);
  const comm = argv[0]?.replace(/^.*\//, "") ?? "";
  return { parent: Number(found[1]), process: { pid, exe: "", argv, comm, layout: "" } };
}

/**
 * Walks up from a process.
 *
 * @param first id of the first process
 * @param look looks one process up
 * @returns the processes, nearest first, at most 12
 */
export function climb(first: number, look: (pid: number) => Link | undefined): readonly Ancestor[] {
  const found: Ancestor[] = [];
  for (let pid = first; pid > 0 && found.length < MOST;) {
    const link = look(pid);
    if (link === undefined) break;
    found.push(link.process);
    pid = link.parent;
  }
  return found;
}

function lookInProc(files: Pick<SystemFiles, "read" | "link">, pid: number): Link | undefined {
  const decode = (bytes: Uint8Array<ArrayBuffer>): string => new TextDecoder().decode(bytes);
  const stat = files.read(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  const argv = splitAtNul(files.read(`/proc/${pid}/cmdline`) ?? new Uint8Array()).map(decode);
  const comm = decode(files.read(`/proc/${pid}/comm`) ?? new Uint8Array()).trimEnd();
  const exe = files.link(`/proc/${pid}/exe`)?.replace(/ \(deleted\)$/, "") ?? "";
  const text = decode(stat);
  return { parent: parentOf(text), process: { pid, exe, argv, comm, layout: layoutOf(text) } };
}

function lookWithPs(pid: number): Link | undefined {
  const args = ["-ww", "-o", "ppid=", "-o", "args=", "-p", String(pid)];
  try {
    const line = execFileSync("ps", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return readPsLine(line, pid);
  } catch {
    // No `ps`, or the process has ended: the walk ends here too.
    return undefined;
  }
}

/**
 * Looks up the processes above this one.
 *
 * @param files reader of `/proc`, where the system has it
 * @param platform the system
 * @returns the processes, the parent first; none where the system does not tell
 */
export function ancestorsOf(
  files: Pick<SystemFiles, "read" | "link"> | undefined,
  platform: string,
): readonly Ancestor[] {
  if (platform === "win32") return [];
  const proc = platform === "linux" && files !== undefined;
  return climb(process.ppid, proc ? (pid) => lookInProc(files, pid) : lookWithPs);
}
