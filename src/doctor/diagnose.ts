import { AuthError } from "../core/errors.ts";
import { remedyFor } from "../core/settings/windows_remedy.ts";
import { oneLine } from "../core/one_line.ts";
import type { Host } from "../core/host.ts";
import type { Check } from "./checks/check.ts";
import { failed, type Finding, type Note, skip } from "./finding.ts";
import type { Subject } from "./subject.ts";

/** How checks are run. */
export interface DiagnoseOptions {
  readonly checks: readonly Check[];
  readonly host: Pick<Host, "now" | "sleep"> & Partial<Pick<Host, "platform">>;
  /** Milliseconds after which a check that is not done has failed. */
  readonly deadlineMs: number;
  /** Hears of each check's findings as soon as they and those of all before it are known. */
  readonly known?: (findings: readonly Finding[]) => Promise<void>;
  /** Hears which check is waited for, whenever that is another one. */
  readonly awaited?: (check: string) => Promise<void>;
}

/**
 * Runs every check and says what each saw, in the order of the table. All start at once; a check waits for another one only
 * through a step of the subject that both use.
 *
 * @param subject what is examined
 * @param options the checks, the clock and the deadline
 * @returns one finding or more for each check; a failure that an earlier check has told is told once, and later checks that
 * depend on it are skipped
 *
 * @example
 * ```ts
 * import { diagnose } from "./diagnose.ts";
 * import { ok } from "./finding.ts";
 * import type { Subject } from "./subject.ts";
 * import assert from "node:assert/strict";
 *
 * const checks = [{ name: "sky", doc: "It is blue", run: () => Promise.resolve([ok("blue")]) }];
 * const host = { now: () => 0, sleep: () => new Promise<void>(() => {}) };
 * const findings = await diagnose({} as Subject, { checks, host, deadlineMs: 1000 });
 * assert.deepEqual(findings, [{ check: "sky", status: "ok", message: "blue", durationMs: 0 }]);
 * ```
 */
export async function diagnose(subject: Subject, options: DiagnoseOptions): Promise<readonly Finding[]> {
  const { checks, host, deadlineMs, known, awaited } = options;
  const startedMs = host.now();
  const done = new AbortController();
  const late = host.sleep(deadlineMs, done.signal).then((): readonly Note[] => [failed(lateError(deadlineMs))]);
  const runs = checks.map(async (check) => {
    const notes = await Promise.race([notesOf(check, subject), late]);
    return { check: check.name, notes, durationMs: host.now() - startedMs };
  });
  try {
    const findings: Finding[] = [];
    for (const [at, run] of runs.entries()) {
      await awaited?.(checks[at]?.name ?? "");
      const { check, notes, durationMs } = await run;
      const told = tellOnce(notes, findings).map((note) =>
        toFinding(remedied(note, subject), { check, durationMs, platform: host.platform ?? "other" })
      );
      findings.push(...told);
      await known?.(told);
    }
    return findings;
  } finally {
    // Also where nobody hears of findings any more: the clock would keep the process until the deadline.
    done.abort();
  }
}

async function notesOf(check: Check, subject: Subject): Promise<readonly Note[]> {
  try {
    return await check.run(subject);
  } catch (error) {
    return [failed(error instanceof AuthError ? error : defect(check, error))];
  }
}

/** A failure that an earlier finding tells already is the reason why this check could not look. */
function tellOnce(notes: readonly Note[], before: readonly Finding[]): readonly Note[] {
  return notes.map((note) => {
    if (note.error === undefined) return note;
    const told = before.find((finding) => finding.code === note.code && finding.message === note.message);
    return told === undefined ? note : skip(`"${told.check}" failed`);
  });
}

/** A server that --dry-run names is named there again. */
function remedied(note: Note, { settings }: Partial<Pick<Subject, "settings">>): Note {
  const source = settings?.trackingUri.source;
  if (note.remedy === undefined || source?.from !== "flag") return note;
  return {
    ...note,
    remedy: note.remedy.replaceAll(/\bexport MLFLOW_TRACKING_URI=/g, `mlflow-auth doctor ${source.name} `),
  };
}

function toFinding(
  note: Note,
  { check, durationMs, platform }: Pick<Finding, "check" | "durationMs"> & Pick<Host, "platform">,
): Finding {
  const { error: _error, ...seen } = note;
  const remedy = seen.remedy === undefined ? {} : { remedy: remedyFor(seen.remedy, platform) };
  return { check, ...seen, message: oneLine(seen.message), ...remedy, durationMs: Math.round(durationMs) };
}

function lateError(deadlineMs: number): AuthError {
  return new AuthError("deadline", {
    message: `Cannot finish "doctor": no answer within ${deadlineMs / 1000} s`,
    remedy: "see which request waits: mlflow-auth --log-level DEBUG doctor",
  });
}

function defect(check: Check, cause: unknown): AuthError {
  return new AuthError("internal", {
    message: `Cannot run check "${check.name}": ${cause instanceof Error ? cause.name : "unknown error"}`,
    remedy: "report it with the output of mlflow-auth info",
    cause,
  });
}
