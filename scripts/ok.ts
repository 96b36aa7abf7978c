/**
 * The gate: every part of it, two at a time, although one fails: `deno task ok`. What a part prints is shown where it fails, at the
 * end, with the line to type next.
 *
 * @module
 */
import { ROOT } from "./build/build.ts";

/** One part of the gate: a task, and what to do where it fails. */
interface Part {
  readonly task: string;
  readonly next: string;
}

/** The parts, the slow ones first. */
const PARTS: readonly Part[] = [
  { task: "test:unit", next: "deno test --allow-read=. <file>, for one of the files above" },
  { task: "check", next: "correct the types that are named above" },
  {
    task: "test:docs",
    next: "correct the program, or take what it prints now: deno task test:docs --update <file>",
  },
  { task: "test:blocks", next: "correct the block in the file and line that are named above" },
  { task: "lint", next: "correct what is named above; deno lint <file>, for one file" },
  { task: "fmt", next: "deno fmt" },
];

const AT_ONCE = 2;

interface Ended extends Part {
  readonly ok: boolean;
  readonly seconds: number;
  readonly text: string;
}

async function run(part: Part): Promise<Ended> {
  const start = performance.now();
  const args = ["task", "--quiet", part.task];
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: ROOT, stdin: "null" }).output();
  const text = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("").trim();
  return { ...part, ok: code === 0, seconds: (performance.now() - start) / 1000, text };
}

if (import.meta.main) {
  const start = performance.now();
  const waiting = [...PARTS];
  const ended: Ended[] = [];
  const work = async (): Promise<void> => {
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      const one = await run(part);
      ended.push(one);
      const last = one.ok ? one.text.split("\n").at(-1) ?? "" : "";
      // deno-lint-ignore no-control-regex
      const plain = last.replaceAll(/\x1b\[[\d;]*m/g, "");
      console.log(
        `${one.ok ? "ok  " : "FAIL"}  ${one.task.padEnd(12)} ${one.seconds.toFixed(1).padStart(5)} s  ${plain}`
          .trimEnd(),
      );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const failed = ended.filter(({ ok }) => !ok);
  for (const { task, text, next } of failed) console.log(`\n--- ${task} ---\n${text}\n  next: ${next}`);
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  const names = failed.map(({ task }) => task).join(", ");
  console.log(failed.length === 0 ? `\nthe gate is green, in ${seconds} s` : `\nfailed: ${names}, in ${seconds} s`);
  if (failed.length > 0) Deno.exitCode = 1;
}
