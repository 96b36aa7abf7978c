/** How a developer tool ended. */
export type ToolRun =
  | {
    /** It ended by itself, or by a signal that is not ours. */
    readonly is: "ended";
    /** Its exit status, or the name of the signal. */
    readonly status: number | string;
    readonly stdout: string;
    readonly stderr: string;
  }
  /** It did not end in the time that it had, and was ended. */
  | { readonly is: "late"; readonly afterMs: number }
  /** It printed more than is kept of it, and was ended. */
  | { readonly is: "flooding" }
  /** It was not started: it cannot ask for what the service wants besides. */
  | { readonly is: "asked-for-more" }
  /** The system did not start it: `ENOENT`, `EACCES`, `ENOEXEC`, …, or `unknown`. */
  | { readonly is: "not-started"; readonly code: string };

/** What starts a program and gives what it printed; rejects where it fails. `execFile` of `@azure/core-process`. */
export type ExecFile = (
  program: string,
  args: string[],
  options: {
    readonly allowWindowsBatchFiles: boolean;
    readonly cwd: string;
    readonly encoding: "utf8";
    readonly killSignal: "SIGKILL";
    readonly timeout: number;
    readonly signal: AbortSignal;
  },
) => Promise<{ readonly stdout: string; readonly stderr: string }>;

/** What a developer tool is started with. */
export interface ToolStart {
  /** Its names: the first that is there is started. */
  readonly programs: readonly string[];
  readonly args: readonly string[];
  /** Milliseconds that it may take. */
  readonly timeoutMs: number;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** A folder in which no file of somebody else's can be taken for a part of it. */
  readonly cwd: string;
}

const textAt = (error: object, name: string): string => {
  const value: unknown = Reflect.get(error, name);
  return typeof value === "string" ? value : "";
};

/**
 * Reads how a program ended from the error of `node:child_process`, or of the package around it.
 *
 * @param error what was thrown
 * @param timeoutMs milliseconds that it had
 * @returns how it ended; `undefined` where the error is of another kind
 *
 * @see https://nodejs.org/api/child_process.html#child_processexecfilefile-args-options-callback
 */
export function runOf(error: unknown, timeoutMs: number): ToolRun | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  const { code } = error;
  const output = { stdout: textAt(error, "stdout"), stderr: textAt(error, "stderr") };
  if ("killed" in error && error.killed === true) return { is: "late", afterMs: timeoutMs };
  if (typeof code === "number") return { is: "ended", status: code, ...output };
  if (code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") return { is: "flooding" };
  if (typeof code === "string" && /^E[A-Z0-9]+$/.test(code)) return { is: "not-started", code };
  const signal = textAt(error, "signal");
  if (signal !== "") return { is: "ended", status: signal, ...output };
  if (typeof code === "string") return { is: "not-started", code };
  // Not every version of Deno says why.
  return error.name === "ProcessError" ? { is: "not-started", code: "unknown" } : undefined;
}

/**
 * Starts a developer tool and waits for its end.
 *
 * @param start what to start, and how long to wait
 * @param execFile what starts it
 * @returns how it ended
 */
export async function runTool(start: ToolStart, execFile: ExecFile): Promise<ToolRun> {
  const { programs, args, timeoutMs, signal, cwd } = start;
  let last: ToolRun = { is: "not-started", code: "ENOENT" };
  for (const program of programs) {
    try {
      const options = {
        allowWindowsBatchFiles: true,
        cwd,
        encoding: "utf8",
        // This process ends no sooner than the tool does, and one that ignores a gentler signal would outlast every deadline.
        killSignal: "SIGKILL",
        timeout: timeoutMs,
        signal,
      } as const;
      return { is: "ended", status: 0, ...await execFile(program, [...args], options) };
    } catch (error) {
      const run = signal.aborted ? undefined : runOf(error, timeoutMs);
      if (run === undefined) throw error;
      last = run;
      if (run.is !== "not-started" || run.code !== "ENOENT") return run;
    }
  }
  return last;
}
