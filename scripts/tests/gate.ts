/** One part of the gate: a task, and what to do where it fails. */
export interface Part {
  readonly task: string;
  readonly next: string;
}

/** How a part ended, and what it printed. */
export interface PartEnd {
  readonly ok: boolean;
  readonly text: string;
}

/** What {@link runGate} works with. */
export interface GateParts {
  readonly run: (task: string) => Promise<PartEnd>;
  readonly print: (line: string) => void;
  /** Milliseconds since some moment. */
  readonly now: () => number;
  /** How many parts run at once. */
  readonly atOnce: number;
}

// deno-lint-ignore no-control-regex
const withoutColours = (text: string): string => text.replaceAll(/\x1b\[[\d;]*m/g, "");

/**
 * Runs every part of the gate, although one fails: a line for each as it ends, and for those that failed all that they printed, with
 * the line to type next.
 *
 * @param parts the parts, the slow ones first
 * @param by what runs them, and takes the lines
 * @returns whether all of them are well
 *
 * @example
 * ```ts
 * import { runGate } from "./gate.ts";
 * import assert from "node:assert/strict";
 *
 * const lines: string[] = [];
 * const run = () => Promise.resolve({ ok: true, text: "3 passed" });
 * const by = { run, print: (line: string) => void lines.push(line), now: () => 0, atOnce: 1 };
 * assert.ok(await runGate([{ task: "fmt", next: "deno fmt" }], by));
 * assert.deepEqual(lines, ["ok    fmt            0.0 s  3 passed", "\nthe gate is green, in 0 s"]);
 * ```
 */
export async function runGate(
  parts: readonly Part[],
  { run, print, now, atOnce }: GateParts,
): Promise<boolean> {
  const start = now();
  const waiting = [...parts];
  const failed: (Part & PartEnd)[] = [];
  const work = async (): Promise<void> => {
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      const from = now();
      const end = await run(part.task);
      if (!end.ok) failed.push({ ...part, ...end });
      const seconds = ((now() - from) / 1000).toFixed(1).padStart(5);
      const last = end.ok ? withoutColours(end.text.split("\n").at(-1) ?? "") : "";
      print(`${end.ok ? "ok  " : "FAIL"}  ${part.task.padEnd(12)} ${seconds} s  ${last}`.trimEnd());
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  for (const { task, text, next } of failed) print(`\n--- ${task} ---\n${text}\n  next: ${next}`);
  const seconds = ((now() - start) / 1000).toFixed(0);
  const names = failed.map(({ task }) => task).join(", ");
  print(failed.length === 0 ? `\nthe gate is green, in ${seconds} s` : `\nfailed: ${names}, in ${seconds} s`);
  return failed.length === 0;
}
