/**
 * Has the blocks of the docs parsed by the shells and tools that would read them: `deno run -A tests/docs/blocks.ts`. Nothing of them
 * is run. JSON and YAML are parsed by a unit test.
 *
 * @module
 */
import { join } from "node:path";
import { loadAll } from "js-yaml";
import { ROOT } from "../../scripts/build.ts";
import { type Block, blocksOf } from "./blocks_of.ts";

/** What came of it. */
export interface BlocksParsed {
  /** How many texts were parsed. */
  readonly parsed: number;
  /** How many have no parser on this machine, by its name. */
  readonly unparsed: ReadonlyMap<string, number>;
  /** One line for each text that is not right. */
  readonly faults: readonly string[];
}

const PYTHON = "import ast, sys; ast.parse(sys.stdin.read())";

/** What parses a language: a program that reads the text from its standard input. */
const PARSERS: Readonly<Record<string, readonly [program: string, ...args: readonly string[]]>> = {
  sh: ["sh", "-n"],
  bash: ["bash", "-n"],
  python: ["python3", "-c", PYTHON],
  hcl: ["terraform", "fmt", "-check", "-"],
};

/** Keys of YAML files whose text is a script for bash. */
const SCRIPTS: ReadonlySet<string> = new Set(["run", "script", "bash", "inlineScript", "command"]);

/** Paths of every page, from the root. */
async function pages(): Promise<readonly string[]> {
  const found: string[] = [];
  for (const folder of [".", "docs", "docs/deployment"]) {
    for await (const { name, isFile } of Deno.readDir(join(ROOT, folder))) {
      if (isFile && name.endsWith(".md")) found.push(join(folder, name));
    }
  }
  return found.sort();
}

/** Scripts inside of a value of YAML. */
function scriptsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(scriptsIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (!SCRIPTS.has(key)) return scriptsIn(inner);
    if (typeof inner === "string") return [inner];
    // GitLab's list of lines; elsewhere a list is the words of one command.
    const isLines = key === "script" && Array.isArray(inner) && inner.every((line) => typeof line === "string");
    return isLines ? [inner.join("\n")] : [];
  });
}

/** A block, and the scripts inside of it, as what a parser reads; YAML that is none stays as it is. */
function textsOf(block: Block): readonly Block[] {
  if (block.language !== "yaml") return PARSERS[block.language] === undefined ? [] : [block];
  try {
    return loadAll(filledIn(block.text)).flatMap(scriptsIn).map((text) => ({ ...block, language: "bash", text }));
  } catch {
    return [block];
  }
}

/** A stand-in such as `<object id>` or `${{ vars.ID }}` is a word once it is filled in. */
const filledIn = (text: string): string => text.replaceAll(/<[a-z][a-z '-]*>|\$\{\{.*?\}\}/g, "WORD");

async function faultOf({ path, line, language, text }: Block): Promise<string | undefined> {
  if (language === "yaml") return `${path}:${line}  yaml: it cannot be parsed`;
  const [program = "", ...args] = PARSERS[language] ?? [];
  const child = new Deno.Command(program, {
    args,
    clearEnv: true,
    env: { PATH: Deno.env.get("PATH") ?? "", HOME: "/", TF_CLI_CONFIG_FILE: "/dev/null", CHECKPOINT_DISABLE: "1" },
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(filledIn(text)));
  await writer.close();
  const { success, stderr } = await child.output();
  if (success) return undefined;
  const said = new TextDecoder().decode(stderr).trim().split("\n").at(-1) ?? "";
  return `${path}:${line}  ${language}: ${said === "" ? "it is not as the tool would format it" : said}`;
}

async function isInstalled(program: string): Promise<boolean> {
  const script = `command -v ${program}`;
  return (await new Deno.Command("sh", { args: ["-c", script], stdout: "null", stderr: "null" }).output()).success;
}

/**
 * Parses every block of sh, bash, Python and HCL, and the scripts inside of YAML blocks, in every page.
 *
 * @returns what was parsed, and what is wrong
 */
export async function parseBlocks(): Promise<BlocksParsed> {
  const texts: Block[] = [];
  for (const path of await pages()) {
    texts.push(...blocksOf(await Deno.readTextFile(join(ROOT, path)), path).flatMap(textsOf));
  }
  const there = new Map<string, boolean>();
  for (const [language, [program]] of Object.entries(PARSERS)) there.set(language, await isInstalled(program));
  const unparsed = new Map<string, number>();
  const faults: string[] = [];
  let parsed = 0;
  for (const text of texts) {
    if (there.get(text.language) === false) {
      const program = PARSERS[text.language]?.[0] ?? "";
      unparsed.set(program, (unparsed.get(program) ?? 0) + 1);
      continue;
    }
    parsed += 1;
    const fault = await faultOf(text);
    if (fault !== undefined) faults.push(fault);
  }
  return { parsed, unparsed, faults };
}

if (import.meta.main) {
  const { parsed, unparsed, faults } = await parseBlocks();
  for (const fault of faults) console.log(fault);
  const missing = [...unparsed].map(([program, count]) => `, ${count} without ${program}`).join("");
  console.log(`blocks: ${parsed} parsed, ${faults.length} wrong${missing}`);
  if (faults.length > 0) Deno.exitCode = 1;
}
