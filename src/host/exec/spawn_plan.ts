import type { ExecFailure } from "../../core/host.ts";

/** A signal's name. */
export type Signal = NodeJS.Signals;

/** What a wrapper does with the signals it gets while its child runs. */
export interface SignalPlan {
  /** Handed on to the child. */
  readonly forward: readonly Signal[];
  /** Caught and dropped: the terminal sends them to the child as well. */
  readonly swallow: readonly Signal[];
}

// SIGPROF and SIGVTALRM cannot be listened to in every runtime and are no requests of anybody.
const ALWAYS: readonly Signal[] = ["SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGURG", "SIGIO", "SIGXCPU"];
const FROM_TERMINAL: readonly Signal[] = ["SIGINT", "SIGQUIT"];
const DEADLY: readonly string[] = [
  ...["SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT", "SIGKILL", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGXCPU"],
];

/**
 * Says what to do with signals while a child runs in the same process group.
 *
 * @param situation the platform, and whether a terminal is on descriptors 0 to 2
 * @returns the signals to forward and those to swallow; the ones not named stop or continue the whole group
 */
export function planSignals(situation: { readonly windows: boolean; readonly terminal: boolean }): SignalPlan {
  if (situation.windows) return { forward: [], swallow: ["SIGINT", "SIGBREAK"] };
  if (situation.terminal) return { forward: ALWAYS, swallow: FROM_TERMINAL };
  return { forward: [...ALWAYS, ...FROM_TERMINAL, "SIGWINCH"], swallow: [] };
}

/** How to end after the child has. */
export interface EndPlan {
  /** A signal to send to oneself first, so that the caller sees what ended the child. */
  readonly dieBy: Signal | undefined;
  /** The status to exit with. */
  readonly status: number;
}

/**
 * Says how to end after the child has ended.
 *
 * @param end its status, or the signal that ended it, with the number of that signal
 * @param pid this process' own id; as process 1 nothing can be ended by a signal
 * @returns the plan; a signal is reported as 128 and its number
 */
export function planEnd(
  end: { readonly code: number | null; readonly signal: string | null; readonly number: number | undefined },
  pid: number,
): EndPlan {
  if (end.signal === null) return { dieBy: undefined, status: end.code ?? 125 };
  const dieBy = pid !== 1 && DEADLY.includes(end.signal) ? end.signal as Signal : undefined;
  return { dieBy, status: 128 + (end.number ?? 0) };
}

/**
 * Turns the failure of a spawn into what to tell people.
 *
 * @param error what the runtime threw
 * @returns the failure; `not-found` where the command, or a PATH to look for it, is missing
 */
export function spawnFailure(error: unknown): ExecFailure {
  const { code, message } = error instanceof Error
    ? { code: "code" in error ? String(error.code) : error.name, message: error.message }
    : { code: "", message: String(error) };
  if (/ENOENT|NotFound/.test(code) || /no path to search|No such file/.test(message)) {
    return { kind: "not-found", reason: "not found" };
  }
  if (/E2BIG/.test(code) || /os error 7\b|Argument list too long/.test(message)) {
    return { kind: "too-large", reason: "argument list too long" };
  }
  if (/EACCES|PermissionDenied/.test(code) || /Permission denied/.test(message)) {
    return { kind: "not-runnable", reason: "permission denied" };
  }
  if (/ENOEXEC/.test(code) || /Exec format error/.test(message)) {
    return { kind: "not-runnable", reason: "exec format error" };
  }
  return {
    kind: "not-runnable",
    reason: code === "" ? "it could not be started" : `it could not be started (${code})`,
  };
}
