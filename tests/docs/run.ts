/**
 * Runs every transcript and every `console` block of the docs: `deno task test:docs [--update] [--binary <path>] [<file>...]`.
 * The program runs from source, bundled once.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { join, relative } from "node:path";
import { ROOT, withTemporaryFolder } from "../../scripts/build/build.ts";
import { bundle } from "../../scripts/build/bundle.ts";
import { findSecret } from "../support/canary.ts";
import {
  compareLines,
  type Output,
  parseMarkdown,
  parseTranscript,
  renderOutput,
  type Step,
  stepFits,
  type Transcript,
  updatedLines,
  updateText,
} from "../support/transcript.ts";
import { type Program, type Ran, runTranscript } from "./session.ts";

const AT_ONCE = 2;

/** Paths of every file that holds transcripts, from the root. */
async function filesOf(folder: string, pattern: RegExp): Promise<readonly string[]> {
  const names: string[] = [];
  try {
    for await (const { name, isFile } of Deno.readDir(join(ROOT, folder))) {
      if (isFile && pattern.test(name)) names.push(join(folder, name));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names.sort();
}

async function readAll(paths: readonly string[]): Promise<readonly Transcript[]> {
  const read = async (path: string) => {
    const text = await Deno.readTextFile(join(ROOT, path));
    return path.endsWith(".md") ? parseMarkdown(text, path) : [parseTranscript(text, path)];
  };
  return (await Promise.all(paths.map(read))).flat();
}

/** What is wrong with what a step gave, as lines to print; none where it is as its transcript says. */
function faultsOf(
  transcript: Transcript,
  step: Step,
  { output }: { readonly output: Output | undefined },
): readonly string[] {
  const place = `${transcript.path}:${step.line}  $ ${step.command.split("\n")[0]}`;
  if (output === undefined) {
    return [place, "  the shell ended, or was ended after two minutes, before this command did"];
  }
  const seen = transcript.scene.includes("reveals") ? "" : output.stdout;
  const leak = findSecret(seen) ?? findSecret(output.stderr);
  if (leak !== undefined) {
    return [place, `  its output holds ${leak}: write reveals into its scene where stdout is to show it`];
  }
  if (stepFits(step, output, transcript)) return [];
  const compared = compareLines(step.expected, renderOutput(output, transcript.isMarkdown));
  return [place, "  - expected, + given", ...compared.map(([mark, line]) => `  ${mark} ${line}`)];
}

interface Tally {
  readonly passed: number;
  readonly failed: number;
}

async function runAll(
  transcripts: readonly Transcript[],
  options: { readonly program: Program; readonly update: boolean },
): Promise<Tally> {
  const queue = [...transcripts];
  const given = new Map<string, Map<Step, readonly string[]>>();
  let passed = 0;
  let failed = 0;
  const work = async (): Promise<void> => {
    for (let transcript = queue.shift(); transcript !== undefined; transcript = queue.shift()) {
      const ran = await runTranscript(transcript, options.program);
      let again: Ran | undefined;
      for (const [step, output] of ran) {
        const faults = faultsOf(transcript, step, { output });
        if (faults.length === 0) {
          passed += 1;
        } else if (options.update && output !== undefined && !faults[1]?.includes("its output holds")) {
          // What is not the same the next time is no transcript.
          again ??= await runTranscript(transcript, options.program);
          const rendered = [output, again.get(step)].map((one) =>
            one === undefined ? [] : renderOutput(one, transcript.isMarkdown)
          );
          const [first = [], second = []] = rendered;
          const updated = transcript.scene.includes("more-lines")
            ? { refused: "it may hold more lines than it shows: write them by hand" }
            : updatedLines(step.expected, [first, second]);
          if ("refused" in updated) {
            failed += 1;
            console.log([`not updated ${faults[0]}`, `  ${updated.refused}`, ...faults.slice(1)].join("\n"));
            continue;
          }
          const changes = given.get(transcript.path) ?? new Map<Step, readonly string[]>();
          given.set(transcript.path, changes.set(step, updated.lines));
          console.log(`updated ${faults[0]}`);
          passed += 1;
        } else {
          failed += 1;
          console.log(faults.join("\n"));
        }
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  for (const [path, changes] of given) {
    await Deno.writeTextFile(join(ROOT, path), updateText(await Deno.readTextFile(join(ROOT, path)), changes));
  }
  return { passed, failed };
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    args: Deno.args,
    allowPositionals: true,
    options: { binary: { type: "string" }, update: { type: "boolean" } },
  });
  if (Deno.build.os === "windows") {
    console.log("Transcripts need a POSIX shell: none run here");
    Deno.exit(0);
  }
  const all = [
    ...await filesOf("tests/docs/transcripts", /\.txt$/),
    ...await filesOf(".", /\.md$/),
    ...await filesOf("docs", /\.md$/),
  ];
  const wanted = positionals.map((path) => relative(ROOT, join(Deno.cwd(), path)));
  const transcripts = await readAll(wanted.length === 0 ? all : wanted);
  const { passed, failed } = await withTemporaryFolder(async (folder) => {
    const script = values.binary === undefined
      ? await bundle(join(ROOT, "src", "main.ts"), join(folder, "source"))
      : "";
    const flags = ["--quiet", "--no-config", "--no-lock", "--no-remote", "--no-npm", "--no-check", "--allow-all"];
    const source = [
      "env",
      `DENO_DIR=${join(folder, "deno")}`,
      "DENO_NO_UPDATE_CHECK=1",
      Deno.execPath(),
      "run",
      ...flags,
      script,
    ];
    const program = values.binary === undefined ? source : [join(Deno.cwd(), values.binary)];
    return await runAll(transcripts, { program, update: values.update === true });
  });
  if (failed > 0) console.log("to take what was given:  deno task test:docs --update <file>");
  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0) Deno.exitCode = 1;
}
