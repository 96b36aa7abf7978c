/**
 * Unit tests and doc examples, with no permission but reading files: `deno task test:unit`. All of them run in two isolates rather
 * than in one for each file, which would take ten times as long. For one file: `deno test --allow-read=. <file>`, or
 * `deno test --doc <file>`.
 *
 * @module
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT, withTemporaryFolder } from "./build/build.ts";
import { findExamples, moduleOf } from "./tests/doc_examples.ts";
import { withoutDots } from "./tests/report.ts";
import { testModule } from "./tests/test_module.ts";

/** Paths of every file below a folder whose name ends so, from the root, sorted. */
function filesBelow(folder: string, end: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(end))
    .map((name) => `${folder}/${name}`)
    .sort();
}

const urlOf = (path: string): string => pathToFileURL(join(ROOT, path)).href;

/** A module with one test for each example, which imports it; the examples' own modules go into the folder. */
async function docTests(folder: string): Promise<string> {
  const paths = [
    "mod.ts",
    "README.md",
    ...filesBelow("src", ".ts"),
    ...filesBelow("scripts", ".ts"),
    ...filesBelow("tests/support", ".ts"),
  ];
  let entry = "";
  for (const path of paths) {
    for (const { line, code } of findExamples(readFileSync(join(ROOT, path), "utf8"), path)) {
      const file = join(folder, `${path.replaceAll(/[/.]/g, "_")}_${line}.ts`);
      await Deno.writeTextFile(file, moduleOf(code, urlOf(path)));
      entry += `Deno.test("example of ${path}:${line}", async () => void await import("${
        pathToFileURL(file).href
      }"));\n`;
    }
  }
  return entry;
}

if (import.meta.main) {
  Deno.exitCode = await withTemporaryFolder(async (folder) => {
    const entries = [join(folder, "unit.test.ts"), join(folder, "examples.test.ts")];
    await Deno.writeTextFile(
      entries[0]!,
      testModule(filesBelow("tests/unit", ".test.ts").map((path) => join(ROOT, path))),
    );
    await Deno.writeTextFile(entries[1]!, await docTests(folder));
    const config = ["--config", join(ROOT, "deno.json"), "--lock", join(ROOT, "deno.lock")];
    const flags = ["--no-check", "--parallel", "--reporter=dot", `--allow-read=${ROOT}`];
    const args = ["test", ...config, ...flags, ...Deno.args, ...entries];
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: ROOT, stdin: "null" })
      .output();
    const text = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
    // deno-lint-ignore no-control-regex
    const plain = text.replaceAll(/\x1b\[[\d;]*m/g, "");
    console.log(withoutDots(text));
    const files = new Set(
      [...plain.matchAll(/=> \.?\/?(tests\/unit\/[\w/.]+\.test\.ts):/g)].map(([, path = ""]) => path),
    );
    for (const path of files) console.log(`one file:  deno test --allow-read=. ${path}`);
    return code;
  });
}
