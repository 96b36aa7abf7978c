import { execFile, execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Scenario } from "./scenario.ts";

/** One run's facts, by name. */
export type Facts = ReadonlyMap<string, string>;

/** What scenarios run with. */
export interface Bench {
  /** A folder of its own; everything below `s` is made anew for each run. */
  readonly base: string;
  readonly probe: string;
  readonly launch: string;
  /** Number of the user and group that commands run as; by default those of whoever runs the tests. */
  readonly user?: number;
}

/** How a command is started. */
export interface Way {
  /** What stands before the command; nothing for a direct start. */
  readonly prefix: readonly string[];
  /** Entries that the environment has besides the scenario's. */
  readonly environ: readonly string[];
  /** Names of variables that are not compared, as the program sets or removes them. */
  readonly own: readonly string[];
}

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
const encode = (entry: string | Uint8Array<ArrayBuffer>): Uint8Array =>
  typeof entry === "string" ? new TextEncoder().encode(entry) : entry;

function nulEnded(entries: readonly (string | Uint8Array<ArrayBuffer>)[]): Uint8Array {
  return Uint8Array.from(entries.flatMap((entry) => [...encode(entry), 0]));
}

function fill({ base, probe }: Bench, text: string): string {
  const names: Readonly<Record<string, string>> = {
    base,
    probe,
    dump: join(base, "dump"),
    ...Object.fromEntries(["cwd", "home", "tmp"].map((name) => [name, join(base, "s", name)])),
  };
  return text.replace(/\{(\w+)\}/g, (all, name: string) => names[name] ?? all);
}

function prepareFolders({ base, user }: Bench, files: Readonly<Record<string, string>>): void {
  rmSync(join(base, "s"), { recursive: true, force: true });
  for (const name of ["cwd", "home", "tmp"]) mkdirSync(join(base, "s", name), { recursive: true });
  for (const name of ["dump", "report", "report.out", "report.err"]) rmSync(join(base, name), { force: true });
  writeFileSync(join(base, "stdin"), "first line\nsecond line\nthird line\n");
  for (const [name, text] of Object.entries(files)) {
    const path = join(base, "s", "cwd", name.replace(/[=/]$/, ""));
    mkdirSync(name.endsWith("/") ? path : dirname(path), { recursive: true });
    if (name.endsWith("/")) continue;
    writeFileSync(path, text);
    chmodSync(path, name.endsWith("=") ? 0o644 : 0o755);
  }
  if (user !== undefined) execFileSync("chown", ["-R", `${user}:${user}`, join(base, "s"), join(base, "stdin")]);
}

function filesBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return [`${path}/`, ...filesBelow(path)];
    return [`${path} ${entry.isFile() ? statSync(path).size : "-"}`];
  });
}

/** Names that differ from run to run get a number by their first appearance. */
function settle(text: string): string {
  const ids = new Map<string, string>();
  for (const [, name, id = ""] of text.matchAll(/^(launcher|child) (\d+)$/gm)) {
    if (!ids.has(id)) ids.set(id, `<${name}>`);
  }
  const inodes = new Map<string, number>();
  return text.split("\n").map((line) => {
    const known = line.replace(
      /^(process\.\S+|launcher|child) (\d+)$/,
      (all, name: string, id: string) => ids.has(id) ? `${name} ${ids.get(id)}` : all,
    );
    return known.replace(/(pipe|socket):\[(\d+)\]/g, (_, kind: string, inode: string) => {
      if (!inodes.has(inode)) inodes.set(inode, inodes.size + 1);
      return `${kind}:#${inodes.get(inode)}`;
    });
  }).join("\n");
}

function read(path: string): string {
  return existsSync(path) ? new TextDecoder("latin1").decode(readFileSync(path)) : "(none)";
}

function decodeHex(hex: string): string {
  return JSON.stringify(
    new TextDecoder("latin1").decode(Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16))),
  );
}

function collect({ base }: Bench, own: readonly string[]): Facts {
  const facts = new Map<string, string>();
  const counts = new Map<string, number>();
  const add = (name: string, value: string): void => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    facts.set(count === 1 ? name : `${name} (${count})`, value);
  };
  const report = read(join(base, "report"));
  for (const line of settle(`${report}\n${read(join(base, "dump"))}`).split("\n")) {
    const [, name = "", value = ""] = /^(\/proc\S+ \S+|\S+) ?(.*)$/.exec(line) ?? [];
    if (name === "environment" || name === "argument") {
      const text = decodeHex(value);
      if (name === "argument" || !own.some((variable) => text.startsWith(`"${variable}=`))) add(name, text);
    } else add(name, value);
  }
  facts.set("output", read(join(base, "report.out")));
  facts.set("errors", read(join(base, "report.err")));
  facts.set("files", filesBelow(join(base, "s")).join("\n"));
  return facts;
}

/**
 * Runs a command in a state, and notes everything about it.
 *
 * @param bench what to run with
 * @param scenario the state and the command
 * @param way how the command is started
 * @returns the facts; those that name the run itself are made the same in each run
 */
export async function runScenario(bench: Bench, scenario: Scenario, way: Way): Promise<Facts> {
  prepareFolders(bench, scenario.files ?? {});
  const { base } = bench;
  const to = (text: string): string => fill(bench, text);
  const common = scenario.bare?.map(to) ?? ["PATH=/usr/local/bin:/usr/bin:/bin", to("HOME={home}"), to("TMPDIR={tmp}")];
  writeFileSync(join(base, "environ"), nulEnded([...way.environ, ...common, ...(scenario.environ ?? [])]));
  writeFileSync(join(base, "arguments"), nulEnded(scenario.bytes ?? []));
  const command = [...way.prefix, ...(scenario.command ?? ["{probe}", "{dump}"]).map(to)];
  const line = command.map(quoted).join(" ");
  // A shell is found before the command's own PATH counts.
  const whole = scenario.shell?.map((word, at) => at === 0 ? `/bin/${word}` : to(word).replaceAll("CMD", () => line)) ??
    command;
  const operations = [
    "cd:{cwd}",
    ...(scenario.operations ?? []),
    "environ:{base}/environ",
    "arguments:{base}/arguments",
  ].map(to);
  const report = join(base, "report");
  await new Promise<void>((resolve) => {
    const { user } = bench;
    const as = user === undefined ? [] : ["setpriv", `--reuid=${user}`, `--regid=${user}`, "--clear-groups"];
    const [program = "", ...args] = [...as, bench.launch, report, ...operations, "--", ...whole];
    execFile(program, args, { timeout: 40000, env: {} }, () => resolve());
  });
  // bash tells a command its own path in a variable.
  return collect(bench, scenario.shell?.[0] === "bash" ? [...way.own, "_"] : way.own);
}
