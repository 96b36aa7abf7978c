/**
 * The gate: every part of it, two at a time, although one fails: `deno task ok`. What a part prints is shown where it fails, at the
 * end, with the line to type next.
 *
 * @module
 */
import { ROOT } from "./build/build.ts";
import { type Part, type PartEnd, runGate } from "./tests/gate.ts";

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

async function run(task: string): Promise<PartEnd> {
  const args = ["task", "--quiet", task];
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: ROOT, stdin: "null" }).output();
  const text = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("").trim();
  return { ok: code === 0, text };
}

if (import.meta.main) {
  const by = { run, print: (line: string) => console.log(line), now: () => performance.now(), atOnce: AT_ONCE };
  if (!await runGate(PARTS, by)) Deno.exitCode = 1;
}
