/**
 * Has the blocks of the docs parsed by what would read them: `deno run -A tests/docs/blocks.ts`. Nothing of them is run, and nothing is
 * fetched.
 *
 * @module
 */
import { join } from "node:path";
import { loadAll } from "js-yaml";
import { ROOT } from "../../scripts/build/build.ts";
import { PWSH } from "../../src/azure/identities/azure_powershell.ts";
import { main } from "../../src/cli/run.ts";
import { pwsh } from "../../src/shell/formats/pwsh.ts";
import { fakeHost } from "../support/host.ts";
import { changesOf, NOWHERE, randomValues, TRICKY } from "../support/values.ts";
import { type Block, blocksOf } from "./blocks_of.ts";
import { type Parser, PARSERS } from "./parsers.ts";

/** What came of the texts of a language. */
export interface LanguageParsed {
  readonly language: string;
  /** How many texts there are. */
  readonly texts: number;
  /** How many of them a parser read. */
  readonly parsed: number;
  /** Programs of its parsers that are not on this machine. */
  readonly missing: readonly string[];
}

/** What came of it. */
export interface BlocksParsed {
  readonly languages: readonly LanguageParsed[];
  /** One line for each text that is not right, and for each parser that takes what it must refuse. */
  readonly faults: readonly string[];
}

/** Keys of YAML files whose text is a script for bash. */
const SCRIPTS: ReadonlySet<string> = new Set(["run", "script", "bash", "inlineScript", "command"]);

/** Blocks that something else reads, and drawings: `console` is run by tests/docs/run.ts, `ts` is a doc example. */
const ELSEWHERE: ReadonlySet<string> = new Set(["", "console", "ts"]);

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

/** A block, and the scripts inside of it. */
function textsOf(block: Block): readonly Block[] {
  if (block.language !== "yaml") return [block];
  try {
    const scripts = loadAll(filledIn(block)).flatMap(scriptsIn);
    return [block, ...scripts.map((text) => ({ ...block, language: "bash", text }))];
  } catch {
    return [block];
  }
}

/** A stand-in such as `<object id>` or `${{ vars.ID }}` is a word of a script once it is filled in. */
const filledIn = ({ language, text }: Pick<Block, "language" | "text">): string =>
  ["sh", "bash", "python", "hcl", "yaml"].includes(language)
    ? text.replaceAll(/<[a-z][a-z '-]*>|\$\{\{.*?\}\}/g, "WORD")
    : text;

/** What of the project's own PowerShell reads: the installer, completions, what `export` prints, and how a token is asked for. */
async function powershellTexts(): Promise<readonly Block[]> {
  const host = fakeHost();
  await main(["completions", "pwsh"], host);
  const values = [...TRICKY, ...randomValues(1, 100)].filter((value) => !value.includes("\0"));
  const exported = values.map((value) => pwsh.print(changesOf({ T: value }, ["U"]), NOWHERE));
  const scripts: Readonly<Record<string, readonly string[]>> = {
    "install.ps1": [await Deno.readTextFile(join(ROOT, "install.ps1"))],
    "completions pwsh": [host.stdout.text()],
    "export --format pwsh": [...exported, pwsh.unset?.(["T", "U"], NOWHERE) ?? "", pwsh.failure ?? ""],
    "token of pwsh": [PWSH.ask({ scope: "api://a'b/.default", tenantId: "t-1" }).at(-1) ?? ""],
  };
  return Object.entries(scripts).flatMap(([path, texts]) =>
    texts.map((text, index) => ({ path, line: index + 1, language: "powershell", text }))
  );
}

/**
 * Every text of the docs that a parser is to read: the blocks of every page, the scripts inside of blocks of YAML, and the project's
 * own Dockerfile.
 *
 * @returns the texts with their stand-ins filled in, each with its place
 */
export async function docsTexts(): Promise<readonly Block[]> {
  const texts: Block[] = [];
  for (const path of await pages()) {
    texts.push(...blocksOf(await Deno.readTextFile(join(ROOT, path)), path).flatMap(textsOf));
  }
  const dockerfile = await Deno.readTextFile(join(ROOT, "Dockerfile"));
  texts.push({ path: "Dockerfile", line: 0, language: "dockerfile", text: dockerfile });
  texts.push(...await powershellTexts());
  return texts.filter(({ language }) => !ELSEWHERE.has(language)).map((text) => ({ ...text, text: filledIn(text) }));
}

async function isInstalled(program: string | undefined): Promise<boolean> {
  if (program === undefined) return true;
  const script = `command -v ${program}`;
  return (await new Deno.Command("sh", { args: ["-c", script], stdout: "null", stderr: "null" }).output()).success;
}

/** What parsers have to say of their language's texts. */
async function faultsOf(texts: readonly Block[], parsers: readonly Parser[]): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const { language, program, refuses, faultsOf } of parsers) {
    if ((await faultsOf(refuses)).length === 0) faults.push(`${program ?? language} takes what is wrong: ${refuses}`);
    for (const { path, line, text } of texts) {
      faults.push(...(await faultsOf(text)).map((fault) => `${path}:${line}  ${language}: ${fault}`));
    }
  }
  return faults;
}

/**
 * Parses every text of the docs with every parser of its language.
 *
 * @returns what was parsed, and what is wrong
 */
export async function parseBlocks(): Promise<BlocksParsed> {
  const byLanguage = Map.groupBy(await docsTexts(), ({ language }) => language);
  const parts = [...byLanguage].map(async ([language, texts]) => {
    const parsers = PARSERS.filter((parser) => parser.language === language);
    const there = await Promise.all(parsers.map(({ program }) => isInstalled(program)));
    const usable = parsers.filter((_, index) => there[index]);
    const missing = parsers.filter((_, index) => !there[index]).flatMap(({ program }) => program ?? []);
    const faults = await faultsOf(texts, usable);
    const parsed = usable.length === 0 ? 0 : texts.length;
    return {
      language: { language, texts: texts.length, parsed, missing },
      faults: parsers.length === 0 ? [`there is no parser for ${language}: add it to tests/docs/parsers.ts`] : faults,
    };
  });
  const all = await Promise.all(parts);
  return { languages: all.map(({ language }) => language), faults: all.flatMap(({ faults }) => faults) };
}

if (import.meta.main) {
  const { languages, faults } = await parseBlocks();
  for (const fault of faults) console.log(fault);
  for (const { language, parsed, texts, missing } of languages.toSorted((a, b) => b.texts - a.texts)) {
    const without = missing.length === 0 ? "" : `, without ${missing.join(" and ")}`;
    console.log(`${language.padEnd(12)}${parsed} of ${texts}${without}`);
  }
  const sum = (count: (one: LanguageParsed) => number): number => languages.reduce((all, one) => all + count(one), 0);
  console.log(`blocks: ${sum((one) => one.parsed)} of ${sum((one) => one.texts)} parsed, ${faults.length} wrong`);
  if (faults.length > 0) Deno.exitCode = 1;
}
