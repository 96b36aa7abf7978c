import { remedyFor } from "../core/settings/windows_remedy.ts";
import { wrapText } from "../core/wrap.ts";
import { AuthError } from "../core/errors.ts";
import type { Host, Sink } from "../core/host.ts";
import { errorCode, OPEN_FILES, tellsOpenFiles } from "../core/error_code.ts";

/**
 * Anything that was thrown as an {@link AuthError}. What is none is a defect of ours, of which nothing but its kind is shown: its
 * message may quote anything. Where a file or a connection was one too many for the process, that is what is told.
 *
 * @param thrown what was caught
 * @returns the error to print
 */
export function asAuthError(thrown: unknown): AuthError {
  const told = thrown instanceof AuthError
    ? thrown.code === "open-files-limit" ? "" : thrown.message
    : errorCode(thrown);
  if (tellsOpenFiles(told ?? "")) {
    return new AuthError("open-files-limit", {
      message: `Cannot go on: ${OPEN_FILES.is}`,
      remedy: OPEN_FILES.remedy,
      cause: thrown,
    });
  }
  if (thrown instanceof AuthError) return thrown;
  const kind = thrown instanceof Error ? thrown.constructor.name : typeof thrown;
  return new AuthError("internal", {
    message: `Cannot go on: an unexpected failure in mlflow-auth (${kind})`,
    remedy: "report it with the command line and the output of mlflow-auth info",
    cause: thrown,
  });
}

/**
 * Whether to colour what is written to a stream.
 *
 * @param sink the stream
 * @param env where `NO_COLOR`, `FORCE_COLOR` and `TERM` are
 * @returns `NO_COLOR` says no, `FORCE_COLOR` yes, else whether it is a terminal that can
 * @see https://no-color.org
 */
export function hasColours(sink: Pick<Sink, "isTerminal">, env: Host["env"]): boolean {
  if ((env["NO_COLOR"] ?? "") !== "") return false;
  const forced = env["FORCE_COLOR"] ?? "";
  if (forced !== "") return forced !== "0";
  return sink.isTerminal() && env["TERM"] !== "dumb";
}

/**
 * How errors look on stderr.
 *
 * @param host the stream, and where colours are chosen
 * @returns what {@link formatError} takes
 */
export function errorLook({ stderr, env, platform }: Pick<Host, "stderr" | "env" | "platform">) {
  return { colours: hasColours(stderr, env), columns: stderr.isTerminal() ? stderr.columns() : undefined, platform };
}

/**
 * An error as people read it: what failed, what to do, where to read on.
 *
 * @param error what failed
 * @param look whether to colour it, the width of the terminal that shows it (without one nothing is wrapped), and the system whose
 * commands the remedy has
 * @returns three lines with their newlines
 *
 * @example
 * ```ts
 * import { formatError } from "./print_error.ts";
 * import { AuthError } from "../core/errors.ts";
 * import assert from "node:assert/strict";
 *
 * const error = new AuthError("usage", { message: 'Cannot run "exce": no such command', remedy: "mlflow-auth exec" });
 * assert.equal(
 *   formatError(error, { colours: false }),
 *   'mlflow-auth: Cannot run "exce": no such command\n  try:  mlflow-auth exec\n  more: mlflow-auth explain usage  (docs/errors.md#usage)\n',
 * );
 * ```
 */
export function formatError(
  error: AuthError,
  { colours, columns, platform = "other" }: {
    readonly colours: boolean;
    readonly columns?: number | undefined;
    readonly platform?: Host["platform"];
  },
): string {
  const paint = (code: number, text: string): string => colours ? `\x1b[${code}m${text}\x1b[0m` : text;
  return [
    wrapText(`${paint(31, "mlflow-auth:")} ${error.message}`, { columns, indent: 2 }),
    wrapText(`  ${paint(32, "try:")}  ${remedyFor(error.remedy, platform)}`, { columns, indent: 8 }),
    `  ${paint(2, "more:")} mlflow-auth explain ${error.code}  (${error.page})`,
    "",
  ].join("\n");
}
