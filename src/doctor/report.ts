import { wrapText } from "../core/wrap.ts";
import { exitStatus, type Finding, type Status } from "./finding.ts";

/** Version of what {@link reportJson} gives; see `docs/doctor-json.md`. */
export const SCHEMA_VERSION = 1;

const COLOURS: Readonly<Record<Status, number>> = { ok: 32, warn: 33, fail: 31, skip: 2 };
const NAME_WIDTH = 10;

/** How a report looks. */
export interface ReportOptions {
  readonly colours: boolean;
  /** Width of the terminal that shows it; `undefined` for what is none, where a finding stays on one line. */
  readonly columns?: number | undefined;
}

/** Writes a report while its findings become known. */
export interface Reporter {
  /** The lines of what became known; skips are held back until it is known how many there are for one reason. */
  readonly add: (findings: readonly Finding[]) => string;
  /** What is left, and the count. */
  readonly end: () => string;
}

/** So many checks that were skipped for one reason share a line. */
const FOLDED = 3;

/**
 * Makes what writes findings as people read them: a line for each, and for what is wrong what to do and where to read on.
 *
 * @param options whether to colour it, and how wide it may be
 * @returns the reporter
 *
 * @example
 * ```ts
 * import { makeReporter } from "./report.ts";
 * import assert from "node:assert/strict";
 *
 * const reporter = makeReporter({ colours: false });
 * assert.equal(reporter.add([{ check: "vault", status: "ok", message: "it answers", durationMs: 12 }]), "ok    vault      it answers\n");
 * assert.equal(reporter.end(), "\n1 ok\n");
 * ```
 */
export function makeReporter({ colours, columns }: ReportOptions): Reporter {
  const paint = (code: number, text: string): string => colours ? `\x1b[${code}m${text}\x1b[0m` : text;
  const told: Finding[] = [];
  let held: Finding[] = [];
  const line = (status: Status, { name, said }: { readonly name: string; readonly said: string }): string =>
    wrapText(`${paint(COLOURS[status], status.padEnd(4))}  ${name.padEnd(NAME_WIDTH)} ${said}`, {
      columns,
      indent: 7 + NAME_WIDTH,
    });
  const linesOf = ({ check, status, code, message, remedy, reason }: Finding): readonly string[] => [
    line(status, { name: check, said: reason === undefined ? message : `${message}: ${reason}` }),
    ...(remedy === undefined ? [] : [wrapText(`      ${paint(32, "try:")}  ${remedy}`, { columns, indent: 12 })]),
    ...(code === undefined ? [] : [
      wrapText(`      ${paint(2, "more:")} mlflow-auth explain ${code}  (docs/errors.md#${code})`, {
        columns,
        indent: 12,
      }),
    ]),
  ];
  const release = (): readonly string[] => {
    const [first] = held;
    const names = held.map(({ check }) => check).join(", ");
    const lines = first !== undefined && held.length >= FOLDED
      ? [line("skip", { name: `${held.length} checks`, said: `${first.message} (${names}): ${first.reason}` })]
      : held.flatMap(linesOf);
    held = [];
    return lines;
  };
  const text = (lines: readonly string[]): string => lines.map((one) => `${one}\n`).join("");
  return {
    add: (findings) => {
      told.push(...findings);
      return text(findings.flatMap((finding) => {
        const fits = finding.status === "skip" && (held.length === 0 || held[0]?.reason === finding.reason);
        const before = fits ? [] : release();
        if (finding.status !== "skip") return [...before, ...linesOf(finding)];
        held.push(finding);
        return before;
      }));
    },
    end: () => text([...release(), "", summary(told)]),
  };
}

/**
 * A whole report.
 *
 * @param findings what the checks saw
 * @param options whether to colour it, and how wide it may be
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
export function reportText(findings: readonly Finding[], options: ReportOptions): string {
  const reporter = makeReporter(options);
  return reporter.add(findings) + reporter.end();
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
