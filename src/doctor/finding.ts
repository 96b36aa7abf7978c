import type { AuthError, ErrorCode } from "../core/errors.ts";

/** How a check ended. */
export type Status = "ok" | "warn" | "fail" | "skip";

/** One thing that a check saw. */
export interface Note {
  readonly status: Status;
  /** Page of `docs/errors.md` that explains it; every `warn` and `fail` has one. */
  readonly code?: ErrorCode;
  /** What was seen; never a secret, a token or an upstream body. */
  readonly message: string;
  /** What to do about it: one imperative, with the command to paste where there is one. */
  readonly remedy?: string;
  /** Why nothing was looked at; for `skip` alone. */
  readonly reason?: string;
  /** The error it comes from, by which a later check knows that the failure has been told. */
  readonly error?: AuthError;
}

/** One thing that a check saw, with the name of the check: a finding is an error that did not stop us. */
export interface Finding extends Omit<Note, "error"> {
  /** Name of the check, of `CHECKS`. */
  readonly check: string;
  /** Milliseconds until the check had its answer. Checks run together, so the times do not add up. */
  readonly durationMs: number;
}

/**
 * Says that something is as it should be.
 *
 * @param message what was seen
 * @returns the note
 *
 * @example
 * ```ts
 * import { ok } from "./finding.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(ok("tenant is known"), { status: "ok", message: "tenant is known" });
 * ```
 */
export function ok(message: string): Note {
  return { status: "ok", message };
}

/**
 * Says that something works but is likely to hurt.
 *
 * @param code page of `docs/errors.md`
 * @param details what was seen and what to do
 * @returns the note
 *
 * @example
 * ```ts
 * import { warn } from "./finding.ts";
 * import assert from "node:assert/strict";
 *
 * const note = warn("secret-expired", { message: "secret expired yesterday", remedy: "make a new version" });
 * assert.equal(note.status, "warn");
 * ```
 */
export function warn(code: ErrorCode, details: { readonly message: string; readonly remedy: string }): Note {
  return { status: "warn", code, message: details.message, remedy: details.remedy };
}

/**
 * Turns an error into what a check reports.
 *
 * @param error what stopped the step
 * @param status `fail`, or `warn` for what does not stop a command
 * @returns the note
 *
 * @example
 * ```ts
 * import { AuthError } from "../core/errors.ts";
 * import { failed } from "./finding.ts";
 * import assert from "node:assert/strict";
 *
 * const note = failed(new AuthError("disabled", { message: "Cannot start: disabled", remedy: "enable it" }));
 * assert.equal(note.code, "disabled");
 * ```
 */
export function failed(error: AuthError, status: "fail" | "warn" = "fail"): Note {
  return { status, code: error.code, message: error.message, remedy: error.remedy, error };
}

/**
 * Says that nothing was looked at.
 *
 * @param reason why not
 * @returns the note
 *
 * @example
 * ```ts
 * import { skip } from "./finding.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(skip("no tracking server is named").reason, "no tracking server is named");
 * ```
 */
export function skip(reason: string): Note {
  return { status: "skip", message: "not checked", reason };
}

/**
 * The exit status that findings ask for.
 *
 * @param findings what the checks saw
 * @returns 1 where something failed or nothing was looked at at all, else 0
 *
 * @example
 * ```ts
 * import { exitStatus } from "./finding.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(exitStatus([{ check: "vault", status: "fail", message: "Cannot reach it", durationMs: 3 }]), 1);
 * ```
 */
export function exitStatus(findings: readonly Finding[]): 0 | 1 {
  const some = (status: Status): boolean => findings.some((finding) => finding.status === status);
  return some("fail") || !(some("ok") || some("warn")) ? 1 : 0;
}
