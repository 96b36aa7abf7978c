import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import { composeFaults } from "./compose.ts";
import { manifestFaults } from "./manifests.ts";
import { powershellFaults } from "./powershell.ts";

/** What reads the blocks of a language as its tool would. */
export interface Parser {
  readonly language: string;
  /** The program that must be on the machine, where one is needed. */
  readonly program?: string;
  /** A text that is not right: each run asks for a fault of it. */
  readonly refuses: string;
  /** What is wrong with a text, in a few words each. */
  readonly faultsOf: (text: string) => Promise<readonly string[]>;
}

const XML = "import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.stdin.buffer)";
const R = 'parse(file("stdin"))';
const PYTHON = "import ast, sys; ast.parse(sys.stdin.read())";

/** What a program has to say of a text that it reads from its standard input. */
const piped = (...[program, ...args]: readonly [string, ...string[]]) => async (text: string) => {
  const child = new Deno.Command(program, {
    args,
    clearEnv: true,
    env: { PATH: Deno.env.get("PATH") ?? "", HOME: "/", TF_CLI_CONFIG_FILE: "/dev/null", CHECKPOINT_DISABLE: "1" },
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
  const { success, stderr } = await child.output();
  if (success) return [];
  const said = new TextDecoder().decode(stderr).trim().split("\n").at(-1) ?? "";
  return [said === "" ? "it is not as the tool would format it" : said];
};

/** What a parser throws, as a fault. */
const thrown = (parse: (text: string) => unknown) => async (text: string) => {
  try {
    await parse(text);
    return [];
  } catch (error) {
    return [(error as Error).message.split("\n")[0] ?? "it cannot be parsed"];
  }
};

async function parseHcl(text: string): Promise<void> {
  // Not by its name: the package's own types bring those of browsers with them, which change those of Deno.
  const name: string = "@cdktf/hcl2json";
  const { parse } = await import(name) as { readonly parse: (path: string, text: string) => Promise<unknown> };
  await parse("block.tf", text);
}

/** Faults and warnings of Docker's own rules, and a command that a shell would start. */
async function dockerfileFaults(text: string): Promise<readonly string[]> {
  const { validate } = await import("dockerfile-utils");
  const found = validate(text).map(({ message, range }) => `line ${range.start.line + 1}: ${message}`);
  const byShell = text.split("\n").filter((line) => /^(?:CMD|ENTRYPOINT) (?!\[.*\]$)/.test(line));
  return [...found, ...byShell.map((line) => `a shell would start it, and get its signals: ${line}`)];
}

async function parseYaml(text: string): Promise<readonly string[]> {
  const values: unknown[] = [];
  const faults = await thrown(() => values.push(...loadAll(text)))(text);
  return faults.length > 0 ? faults : [...await manifestFaults(values), ...composeFaults(values)];
}

/** Every line of a crontab of the system: five fields, a user, a command without cron's own line break. */
async function crontabFaults(text: string): Promise<readonly string[]> {
  const { Cron } = await import("croner");
  const lines = text.split("\n").filter((line) => line !== "" && !/^(?:#|[A-Z_]+=)/.test(line));
  const faults = lines.map(async (line) => {
    const [, when = "", command] = /^((?:\S+ ){4}\S+) [a-z_][a-z0-9_-]* ([^%]+)$/.exec(line) ?? [];
    if (command === undefined) return [`it has no user and command: ${line}`];
    return await thrown(() => new Cron(when, { mode: "5-part", paused: true }))(line);
  });
  return (await Promise.all(faults)).flat();
}

/** What systemd has to say of a unit; its own program stands in for the page's, which is not installed. */
async function unitFaults(text: string): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "mlflow-auth-units-"));
  try {
    const unit = join(folder, text.includes("[Timer]") ? "train.timer" : "train.service");
    await writeFile(join(folder, "train.service"), "[Service]\nType=oneshot\nExecStart=/bin/true\n");
    await writeFile(unit, text.replaceAll(/^ExecStart=\S+/gm, "ExecStart=/bin/true"));
    const { stderr } = await new Deno.Command("systemd-analyze", { args: ["verify", unit], stdout: "null" }).output();
    const said = new TextDecoder().decode(stderr).split("\n");
    return said.filter((line) => line.includes(folder) || line.startsWith("train.")).map((line) =>
      line.replace(`${unit}:`, "line ")
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What parses the blocks; several for one language all read them. */
export const PARSERS: readonly Parser[] = [
  { language: "sh", program: "sh", refuses: "if true; then\n", faultsOf: piped("sh", "-n") },
  { language: "bash", program: "bash", refuses: "a=(1\n", faultsOf: piped("bash", "-n") },
  {
    language: "python",
    program: "python3",
    refuses: "def a(:\n",
    faultsOf: piped("python3", "-I", "-S", "-c", PYTHON),
  },
  { language: "hcl", refuses: 'resource "a" "b" {\n  c =\n}\n', faultsOf: thrown(parseHcl) },
  {
    language: "hcl",
    program: "terraform",
    refuses: 'resource "a" "b" {\nc=1\n}\n',
    faultsOf: piped("terraform", "fmt", "-check", "-"),
  },
  { language: "dockerfile", refuses: "FROM a\nCOPY --chmode=755 b c\n", faultsOf: dockerfileFaults },
  { language: "xml", program: "python3", refuses: "<a><b></a>", faultsOf: piped("python3", "-I", "-S", "-c", XML) },
  { language: "json", refuses: '{"a": 1,}', faultsOf: thrown(JSON.parse) },
  { language: "yaml", refuses: "a: 1\na: 2\n", faultsOf: parseYaml },
  {
    language: "yaml",
    refuses: "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: a\n  labls: {}\n",
    faultsOf: parseYaml,
  },
  {
    language: "yaml",
    refuses: 'services:\n  a:\n    image: a\n    comand: ["b"]\n',
    faultsOf: parseYaml,
  },
  { language: "r", program: "Rscript", refuses: "a <- c(1\n", faultsOf: piped("Rscript", "--vanilla", "-e", R) },
  { language: "powershell", refuses: "if ($a) { 'b' \n", faultsOf: powershellFaults },
  { language: "crontab", refuses: "0 25 * * * me true\n", faultsOf: crontabFaults },
  {
    language: "ini",
    program: "systemd-analyze",
    refuses: "[Timer]\nOnCalendar=*-*-* 52:00\n",
    faultsOf: unitFaults,
  },
];
