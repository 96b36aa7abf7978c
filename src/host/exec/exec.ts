import type { Changes, ExecFailure, Exited, Host } from "../../core/host.ts";
import { argumentBytes, mayBeDamaged } from "./argument_bytes.ts";
import { errnoReader } from "../native/errno.ts";
import { editEntries, type EntryChanges, splitAtNul } from "./environment_entries.ts";
import { explainFailure, findCommand } from "./exec_failure.ts";
import { environAddress } from "../native/libc_environment.ts";
import { type Native, word } from "../native/native.ts";
import { prepareRestore } from "./restore.ts";
import type { Start } from "./start.ts";
import { layOut } from "../native/vector.ts";

const ENOEXEC = 8;

/** Swaps the environment of the C library, whose PATH is the one searched. */
function environSwap(native: Native): (value: bigint) => bigint {
  const { memcpy, memmove } = native.load({ memcpy: "paa:a", memmove: "apa:a" });
  const at = environAddress(native);
  return (value) => {
    const old = new Uint8Array(8);
    const now = new Uint8Array(8);
    memcpy(old, at, 8n);
    new DataView(now.buffer).setBigUint64(0, value, true);
    memmove(at, now, 8n);
    return word(old);
  };
}

function encodeArguments(start: Start, argv: readonly string[]): readonly Uint8Array<ArrayBuffer>[] {
  const own = mayBeDamaged(argv) ? start.files.read("/proc/self/cmdline") : undefined;
  return argumentBytes(argv, own === undefined ? [] : splitAtNul(own));
}

/** What this process is, and was started with. */
export interface Origin {
  /** `undefined` where the C library cannot be called. */
  readonly start: Start | undefined;
  readonly build: Host["build"];
  readonly env: Host["env"];
  /** The system, as `process.platform` has it. */
  readonly platform: string;
}

/**
 * Becomes a command with the credential in its environment; where a process cannot be replaced, runs it as a child.
 *
 * @param origin what this process is
 * @param command the command with its arguments, and the changes of its environment
 * @returns why it failed, or the status to exit with; nothing where this process has become the command
 */
export async function becomeCommand(
  { start, build, env, platform }: Origin,
  command: { readonly argv: readonly string[]; readonly changes: Changes },
): Promise<ExecFailure | Exited> {
  const { argv } = command;
  const set = command.changes.set.map(([name, value]) => [name, value.reveal()] as const);
  const changes: EntryChanges = { ...command.changes, set };
  if (start === undefined) {
    const windows = platform === "win32";
    const { runChild } = await import("./spawn.ts");
    const { editVariables } = await import("./spawn_environment.ts");
    return await runChild(argv, { env: editVariables(env, { ...changes, windows }), windows });
  }
  // Compiled Deno leaves the limit of open files alone, `deno run` and Bun do not.
  const raisesFileLimit = build.runtime === "bun" || !build.compiled;
  return replaceProcess(start, { argv, changes, raisesFileLimit });
}

/**
 * Replaces this process by a command, as `execvp(3)` does: the same process, with everything it was started with but for the
 * changes of its environment. No exit handler runs, nothing that was not written yet is written.
 *
 * @param start what this process was started with
 * @param command the command with its arguments, the changes of its environment, and whether the runtime raises the limit of
 * open files
 * @returns why it failed; nothing where it did not
 */
export function replaceProcess(
  start: Start,
  command: { readonly argv: readonly string[]; readonly changes: EntryChanges; readonly raisesFileLimit: boolean },
): ExecFailure {
  const { native } = start;
  const entries = editEntries(start.entries, command.changes);
  const strings = encodeArguments(start, command.argv);
  if ([...strings, ...entries].some((string) => string.includes(0))) {
    return { kind: "not-runnable", reason: "an argument or a variable holds a NUL byte" };
  }
  const env = layOut(entries, native.address);
  const args = layOut(strings, native.address);
  const { execvp } = native.load({ execvp: "pp:i" });
  const errno = errnoReader(native);
  const swapEnviron = environSwap(native);
  const { restore, undo } = prepareRestore(start, command.raisesFileLimit);

  restore();
  const old = swapEnviron(env.at);
  execvp(args.block, args.pointers);
  const failed = errno();
  const script = failed === ENOEXEC ? findCommand(start.files, { strings, entries }) : undefined;
  if (script !== undefined) {
    // musl does not run a script without `#!`; glibc and macOS have done so already.
    const shell = ["/bin/sh", script].map((text) => new TextEncoder().encode(text));
    const again = layOut([...shell, ...strings.slice(1)], native.address);
    native.load({ execve: "ppp:i" }).execve(again.block, again.pointers, env.pointers);
  }
  swapEnviron(old);
  undo();
  // Both blocks have to live until here.
  if (env.block.length + args.block.length === 0) throw new RangeError("no memory");
  return explainFailure(start.files, { errno: failed, strings, entries, darwin: native.darwin });
}
