import { exitStatus, type Finding, type Status } from "./finding.ts";

/** Version of what {@link reportJson} gives; see `docs/doctor-json.md`. */
export const SCHEMA_VERSION = 1;

const COLOURS: Readonly<Record<Status, number>> = { ok: 32, warn: 33, fail: 31, skip: 2 };
const NAME_WIDTH = 10;

/** How a report looks. */
export interface ReportOptions {
  readonly colours: boolean;
}

/**
 * Findings as people read them: a line for each, and for what is wrong what to do and where to read on.
 *
 * @param findings what the checks saw
 * @param options whether to colour it
 * @returns lines with their newlines, the last one a count
 *
 * @example
 * ```ts
 * import { reportText } from "./report.ts";
 * import assert from "node:assert/strict";
 *
 * const findings = [{ check: "vault", status: "ok", message: "it answers", durationMs: 12 }] as const;
 * assert.equal(reportText(findings, { colours: false }), "ok    vault      it answers\n\n1 ok\n");
 * ```
 */
export function reportText(findings: readonly Finding[], { colours }: ReportOptions): string {
  const paint = (code: number, text: string): string => colours ? `\x1b[${code}m${text}\x1b[0m` : text;
  const lines = findings.flatMap((finding) => {
    const { check, status, code, message, remedy, reason } = finding;
    const said = reason === undefined ? message : `${message}: ${reason}`;
    return [
      `${paint(COLOURS[status], status.padEnd(4))}  ${check.padEnd(NAME_WIDTH)} ${said}`,
      ...(remedy === undefined ? [] : [`      ${paint(32, "try:")}  ${remedy}`]),
      ...(code === undefined ? [] : [`      ${paint(2, "more:")} docs/errors.md#${code}`]),
    ];
  });
  return [...lines, "", summary(findings), ""].join("\n");
}

function summary(findings: readonly Finding[]): string {
  const words: readonly (readonly [Status, string])[] = [["ok", "ok"], ["warn", "warned"], ["fail", "failed"], [
    "skip",
    "skipped",
  ]];
  const counts = words.map(([status, word]) => [findings.filter((one) => one.status === status).length, word] as const);
  return counts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`).join(", ");
}

/** What `doctor --json` prints. */
export interface Report {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  /** The worst of the findings: `fail`, then `warn`, then `ok`. */
  readonly status: "ok" | "warn" | "fail";
  readonly findings: readonly Finding[];
}

/**
 * Findings as programs read them.
 *
 * @param findings what the checks saw
 * @returns the value to print as JSON; its schema is in `docs/doctor-json.md`
 *
 * @example
 * ```ts
 * import { reportJson } from "./report.ts";
 * import assert from "node:assert/strict";
 *
 * const findings = [{ check: "vault", status: "ok", message: "it answers", durationMs: 12 }] as const;
 * assert.deepEqual(reportJson(findings), { schemaVersion: 1, status: "ok", findings });
 * ```
 */
export function reportJson(findings: readonly Finding[]): Report {
  const warned = findings.some((finding) => finding.status === "warn");
  const status = exitStatus(findings) === 1 ? "fail" : warned ? "warn" : "ok";
  return { schemaVersion: SCHEMA_VERSION, status, findings };
}
