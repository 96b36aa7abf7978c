import type { Ratio } from "./measure.ts";

/** A line of the result: ratios alone, as times are of one machine and one hour of it. */
export interface Row {
  readonly what: string;
  readonly against: string;
  readonly wall?: Ratio | undefined;
  readonly cpu?: Ratio | undefined;
  /** User instructions, of one run each. */
  readonly instructions?: number | undefined;
  /** The most memory that it held, in MiB; no ratio. */
  readonly rssMiB?: number | undefined;
  /** Bytes beyond those of what it is held against. */
  readonly extraBytes?: number | undefined;
  /** What it may be at most, by measure; where it is more the bench fails. */
  readonly must?: Partial<Readonly<Record<Measure, number>>>;
  readonly aim?: Partial<Readonly<Record<Measure, number>>>;
}

/** What a row may be bound by. */
export type Measure = "wall" | "cpu" | "instructions" | "rssMiB" | "extraBytes";

/** What could not be measured, and why. */
export interface Absent {
  readonly name: string;
  readonly reason: string;
}

const valueOf = (row: Row, measure: Measure): number | undefined => {
  const value = row[measure];
  return typeof value === "object" ? value.median : value;
};

/**
 * Holds a row to its bounds.
 *
 * @param row the row
 * @returns the measures that exceed what they must be
 */
export const exceeded = (row: Row): readonly Measure[] =>
  (Object.entries(row.must ?? {}) as [Measure, number][])
    .filter(([measure, most]) => (valueOf(row, measure) ?? 0) > most).map(([measure]) => measure);

const mib = (bytes: number): string => `${bytes < 0 ? "-" : "+"}${(Math.abs(bytes) / 1024 / 1024).toFixed(2)} MB`;
const ratio = (value: number | undefined): string => value === undefined ? "-" : value.toFixed(3);

function boundOf({ must = {}, aim = {} }: Row): string {
  return (Object.entries(must) as [Measure, number][]).map(([measure, most]) => {
    const show = (value: number): string => measure === "extraBytes" ? mib(value) : `${value}`;
    return `${measure} ${show(most)}${aim[measure] === undefined ? "" : ` (aim ${show(aim[measure])})`}`;
  }).join(", ");
}

/**
 * Lays rows out for people.
 *
 * @param rows the rows
 * @returns lines
 */
export function tableOf(rows: readonly Row[]): readonly string[] {
  const cells = [
    ["what", "against", "wall", "p25", "cpu", "instructions", "memory, size", "bound", ""],
    ...rows.map((row) => [
      row.what,
      row.against,
      ratio(row.wall?.median),
      ratio(row.wall?.p25),
      ratio(row.cpu?.median),
      ratio(row.instructions),
      row.rssMiB === undefined
        ? row.extraBytes === undefined ? "" : mib(row.extraBytes)
        : `${row.rssMiB.toFixed(1)} MiB`,
      boundOf(row),
      row.must === undefined ? "" : exceeded(row).length === 0 ? "ok" : "EXCEEDED",
    ]),
  ];
  const widths = (cells[0] ?? []).map((_, at) => Math.max(...cells.map((row) => row[at]?.length ?? 0)));
  return cells.map((row) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  ").trimEnd());
}
